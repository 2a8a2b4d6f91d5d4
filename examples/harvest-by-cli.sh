#!/bin/sh
# @title Harvest into a matrix, with the command line
# @title:zh 用命令行抽帧到图矩
# @summary Takes pictures for classifiers: each camera whose name has a word gets a sample set of its own, tagged with the recipe, so that one command works on all of them.
# @summary:zh 为分类器抽帧：名称含某个词的每台摄像机各得一个样本集，并以方案名为标签，一条命令即可处理全部。
# @keywords harvest, command line, CLI, classifier, matrix, 抽帧, 命令行, 分类器, 图矩
# @needs harvest.read, harvest.run, dataset.read, dataset.write
# @run sh examples/harvest-by-cli.sh 街道 "Streets by camera"
set -eu
word="${1:-街道}"
name="${2:-Example matrix}"
argus() { npx argus "$@"; }

argus harvest preview --match "$word" --all --seconds 5
argus harvest create --name "$name" --match "$word" --all --seconds 5 --keep-duplicates --for classifier
argus harvest run "$name" --follow
# The sets of the matrix: they have the name of the recipe as a tag.
argus dataset list | grep -F "$name"
