#!/bin/sh
# @title Import a tree of folders, a set of each
# @title:zh 导入文件夹树，每个文件夹一个样本集
# @summary Packs a folder of pictures and has each folder in it become a sample set of its own, called as it is spelled; run again it adds only what is new.
# @summary:zh 打包图片文件夹，其中每个文件夹成为一个同名样本集；再次运行只添加新内容。
# @keywords import, folders, tree, sets, classifier, 导入, 文件夹, 目录, 样本集, 分类
# @needs dataset.read, dataset.write, and to see all cameras
# @run sh examples/import-folders.sh ./pictures
set -eu
tree="${1:?expected a folder of pictures}"
archive="$(mktemp -d)/pictures.tar"
trap 'rm -rf "$(dirname "$archive")"' EXIT
argus() { npx argus "$@"; }

tar -cf "$archive" -C "$tree" .
# What lies in no folder comes into this one.
argus dataset create "Example import" >/dev/null 2>&1 || true
argus dataset import "Example import" "$archive" --each-folder --follow
