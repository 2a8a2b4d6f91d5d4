import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetFileError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import { FolderTree } from '../files/folder-tree.js';
import { detectFormat, FORMATS, type ForeignFormat } from './formats.js';
import { ImportProblems, type ReadOptions } from './import-problems.js';
import type { ImportedImage } from './imported-image.js';
import { readYoloYaml } from './names-yaml.js';
import { packRuns, runsArea, runsBounds, unpackRuns, wholeRuns, windowRuns } from './runs.js';
import { readVoc } from './voc.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-formats-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAGQAAAAyCAIAAAAAAAAAAAAAAAAAAAAA', 'base64');

async function treeOf(files: Readonly<Record<string, string | Buffer>>): Promise<FileTree> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return FolderTree.open(folder);
}

async function all(images: AsyncIterable<ImportedImage>): Promise<ImportedImage[]> {
  const list: ImportedImage[] = [];
  for await (const image of images) list.push(image);
  return list;
}

async function imported(format: ForeignFormat, tree: FileTree, read: (tree: FileTree, options?: ReadOptions) => AsyncIterable<ImportedImage> = FORMATS[format]) {
  expect((await detectFormat(tree)).format).toBe(format);
  const problems = new ImportProblems();
  return { images: await all(read(tree, { problems })), problems: problems.list.map(({ file, at, message }) => `${file}: ${at}: ${message}`) };
}

const boxes = (image: ImportedImage | undefined) => image?.annotations.map(({ kind, label, box }) => [kind, label, box.x, box.y, box.width, box.height]);

describe('sets of others', () => {
  it('COCO: several outlines, a crowd, key points, and faults that cost nothing else', async () => {
    const coco = {
      annotations: [
        { id: 1, image_id: 9, category_id: 3, bbox: [1, 2, 30, 40], area: 1, iscrowd: 0, segmentation: [[1, 2, 5, 2, 5, 6], [10, 10, 31, 10, 31, 42, 10, 42]] },
        { id: 2, image_id: 9, category_id: 3, bbox: [0, 0, 2, 50], iscrowd: 1, segmentation: { size: [50, 100], counts: [0, 100, 4_900] } },
        { id: 3, image_id: 9, category_id: 4, bbox: [0, 0, 5, 5], keypoints: [1, 2, 2, 3, 4, 1], num_keypoints: 2 },
        { id: 4, image_id: 9, category_id: 77, bbox: [0, 0, 5, 5] },
        { id: 5, image_id: 9, category_id: 3, bbox: [0, 0, 'wide', 5] },
        { id: 6, image_id: 10, category_id: 3, bbox: [0, 0, 5, 5] },
        { id: 7, image_id: 9, category_id: 3, bbox: [0, 0, -5, 5] },
      ],
      images: [{ id: 9, file_name: 'a.png', width: 100, height: 50 }, { id: 11, file_name: 'gone.png', width: 100, height: 50 }],
      categories: [{ id: 3, name: '人' }, { id: 4, name: 'pose' }],
    };
    const { images, problems } = await imported('coco', await treeOf({ 'annotations/instances_val2017.json': JSON.stringify(coco), 'val2017/a.png': PNG }));
    expect(images.map(({ path, split }) => [path, split])).toEqual([['val2017/a.png', 'val'], [null, 'val']]);
    expect(boxes(images[0])).toEqual([['polygon', '人', 1, 2, 30, 40], ['ignore', '人', 0, 0, 2, 50], ['points', 'pose', 0, 0, 5, 5]]);
    expect(images[0]!.annotations[0]!.points).toEqual([10, 10, 31, 10, 31, 42, 10, 42]);
    const file = 'annotations/instances_val2017.json';
    expect(problems).toEqual([
      `${file}: annotations[3].category_id: expected the id of a category, found 77`,
      `${file}: annotations[4]: bbox: expected [x, y, width, height], found [0,0,"wide",5]`,
      `${file}: annotations[6]: box: expected a width and a height of 0 or more, found {"x":0,"y":0,"width":-5,"height":5}`,
      `${file}: images, id 11: the picture "gone.png" is not there`,
      `${file}: annotations[5].image_id: expected the id of a picture, found 10`,
    ]);
  });

  it('COCO that ends in the middle says where', async () => {
    const tree = await treeOf({ 'a.json': '{"images": [{"id": 1, "file_name": "a.png"}, {"id"' });
    await expect(all(FORMATS.coco(tree))).rejects.toThrow('a.json: images[1], byte 50: the file ends in the middle');
  });

  it('YOLO: names as list or mapping, boxes, outlines and lines that are none', async () => {
    const tree = await treeOf({
      'data.yaml': "train: ../train/images\nval: ../valid/images\nnc: 2\nnames: ['人', \"it's\"]\n",
      'train/images/a.png': PNG, 'train/labels/a.txt': '0 0.5 0.5 0.2 0.4\n1 0 0 1 0 1 1\n7 0.5 0.5 0.1 0.1\n0 0.5 half 0.1 0.1\n0 0.5 0.5 -0.1 0.1\n',
      'valid/images/b.png': PNG,
    });
    const { images, problems } = await imported('yolo', tree);
    expect(images.map(({ name, split }) => [name, split])).toEqual([['a.png', 'train'], ['b.png', 'val']]);
    expect(boxes(images[0])).toEqual([['box', '人', 40, 15, 20, 20], ['polygon', "it's", 0, 0, 100, 50]]);
    expect(problems).toEqual([
      'train/labels/a.txt: line 3: field 1: expected a class below 2, found 7',
      'train/labels/a.txt: line 4: field 3: expected a number, found "half"',
      'train/labels/a.txt: line 5: expected a width and a height of 0 or more, found -0.1 and 0.1',
    ]);
    expect([...readYoloYaml('x', 'names:\n  0: a # note\n  2: "b: #c"\n').names]).toEqual([[0, 'a'], [2, 'b: #c']]);
    expect([...readYoloYaml('x', 'names: {0: a, 1: "b, c"}').names.values()]).toEqual(['a', 'b, c']);
    expect([...readYoloYaml('x', "names: [a,\n  'b']\nnc: 2").names.values()]).toEqual(['a', 'b']);
    expect([...readYoloYaml('x', 'names:\n- a\n- b').names.values()]).toEqual(['a', 'b']);
  });

  it('Pascal VOC: counts from 1, takes decimals, takes off before it rounds', async () => {
    const object = (edges: string, more = '') => `<object><name>helmet</name><difficult>0</difficult>${more}<bndbox>${edges}</bndbox></object>`;
    const xml = `<annotation>\n<filename>a.png</filename><size><width>100</width><height>50</height></size>\n${object('<xmin>1</xmin><ymin>1</ymin><xmax>100</xmax><ymax>50</ymax>')}\n${object('<xmin>1.5</xmin><ymin>2.4</ymin><xmax>10</xmax><ymax>20</ymax>')}\n${object('<xmin>one</xmin><ymin>1</ymin><xmax>2</xmax><ymax>2</ymax>')}</annotation>`;
    const tree = await treeOf({ 'Annotations/a.xml': xml, 'JPEGImages/a.png': PNG, 'ImageSets/Main/val.txt': 'a\n', 'Annotations/b.xml': '<annotation><filename>b.png' });
    const { images, problems } = await imported('voc', tree);
    expect(images[0]).toMatchObject({ path: 'JPEGImages/a.png', split: 'val', size: { width: 100, height: 50 } });
    expect(boxes(images[0])).toEqual([['box', 'helmet', 0, 0, 100, 50], ['box', 'helmet', 0.5, 1.4, 9.5, 18.6]]);
    expect(problems).toEqual(['Annotations/a.xml: line 5, <object> 3, xmin: expected a number, found "one"', 'Annotations/b.xml: file: Annotations/b.xml: line 1: the file ends within <filename>']);
    const rounded = await all(readVoc(tree, { rounding: 'int' }));
    expect(boxes(rounded[0])![1]).toEqual(['box', 'helmet', 1, 1, 9, 19]);
  });

  it('CVAT for images: shapes, tags, masks, and what is not read', async () => {
    const xml = `<?xml version="1.0" encoding="utf-8"?>\n<annotations>\n<version>1.1</version><meta><task><name>t</name></task></meta>\n<image id="0" name="a.png" width="100" height="50">
<box label="car" source="manual" occluded="1" xtl="1.5" ytl="2" xbr="11.5" ybr="22" z_order="3"><attribute name="color">红 &amp; &#x1F697;</attribute></box>
<mask label="car" source="auto" occluded="0" rle="1, 2, 1" left="10" top="20" width="2" height="2" z_order="0"></mask>
<ellipse label="car" cx="1" cy="2" rx="3" ry="4"/>
<box label="car" xtl="1" ytl="2" xbr="wide" ybr="4"/>
<tag label="night" source="manual"></tag>
</image></annotations>`;
    const { images, problems } = await imported('cvat-images', await treeOf({ 'annotations.xml': xml, 'images/a.png': PNG }));
    expect(boxes(images[0])).toEqual([['box', 'car', 1.5, 2, 10, 20], ['mask', 'car', 10, 20, 2, 2]]);
    expect(images[0]!.annotations[0]).toMatchObject({ occluded: true, attributes: { color: '红 & 🚗', z_order: 3 } });
    expect(images[0]!.annotations[1]).toMatchObject({ state: 'auto', runs: [521, 1, 48, 1, 4_429] });
    expect(images[0]!.attributes).toEqual({ tags: ['night'] });
    expect(problems).toEqual([
      'annotations.xml: line 4, <image>, <ellipse> 3: expected box, polygon, points, mask or tag, found <ellipse>',
      'annotations.xml: line 4, <image>, <box> 4: xbr: expected a number, found "wide"',
    ]);
  });

  it('CVAT for video: tracks over frames', async () => {
    const box = (frame: number, x: number, more: string) => `<box frame="${frame}" ${more} occluded="0" xtl="${x}" ytl="0" xbr="${x + 10}" ybr="10" z_order="0"></box>`;
    const xml = `<annotations><version>1.1</version><meta><task><name>路口</name><size>4</size><original_size><width>100</width><height>50</height></original_size></task></meta><track id="0" label="car" source="manual">${box(1, 5, 'keyframe="1" outside="0"')}${box(2, 7, 'keyframe="0" outside="0"')}${box(3, 9, 'keyframe="1" outside="1"')}</track></annotations>`;
    const { images } = await imported('cvat-video', await treeOf({ 'annotations.xml': xml, ...Object.fromEntries([0, 1, 2, 3].map((i) => [`images/frame_00000${i}.png`, PNG])) }));
    expect(images.map(({ path, annotations }) => [path, annotations[0]?.box.x, annotations[0]?.track])).toEqual([
      ['images/frame_000000.png', undefined, undefined], ['images/frame_000001.png', 5, { id: '0', keyframe: true, outside: false }],
      ['images/frame_000002.png', 7, { id: '0', keyframe: false, outside: false }], ['images/frame_000003.png', 9, { id: '0', keyframe: true, outside: true }],
    ]);
    expect(images[0]!.group).toBe('路口');
  });

  it('MOT: frames and pixels from 1, lines that are none', async () => {
    const tree = await treeOf({ 'MOT17-02/gt/gt.txt': '1,4,11,21,30,40,1,1,0.25\n1,5,1,1,2,2,0,3,1\n2,4,x\n', 'MOT17-02/img1/000001.png': PNG, 'MOT17-02/seqinfo.ini': '[Sequence]\nname=MOT17-02\nimDir=img1\nimWidth=100\nimHeight=50\nseqLength=1\n' });
    const { images, problems } = await imported('mot', tree);
    expect(boxes(images[0])).toEqual([['box', 'pedestrian', 10, 20, 30, 40], ['ignore', 'car', 0, 0, 2, 2]]);
    expect(images[0]!.annotations[0]).toMatchObject({ occluded: true, track: { id: '4' }, attributes: { visibility: 0.25 } });
    expect(problems).toEqual(['MOT17-02/gt/gt.txt: line 3: expected frame,id,left,top,width,height,… with frames from 1, found "2,4,x"']);
  });

  it('ImageNet: the folder is the class', async () => {
    const { images } = await imported('imagenet', await treeOf({ 'train/猫/a.png': PNG, 'train/dog/b.png': PNG, 'val/dog/c.png': PNG }));
    expect(images.map(({ name, split, attributes }) => [name, split, attributes.tags]).sort()).toEqual([['a.png', 'train', ['猫']], ['b.png', 'train', ['dog']], ['c.png', 'val', ['dog']]]);
  });

  it('a tree of 100 folders is 100 sets, called as they are', async () => {
    const names = Array.from({ length: 100 }, (_, i) => (i % 2 ? `图矩/摄像头 ${i} 号 (cafe\u0301)` : `north gate/${i}`));
    const { images } = await imported('folders', await treeOf(Object.fromEntries(names.flatMap((name) => [[`${name}/1.png`, PNG], [`${name}/2.png`, PNG]]))));
    expect(images.length).toBe(200);
    expect([...new Set(images.map(({ group }) => group))].sort()).toEqual([...names].sort());
  });
});

describe('telling formats', () => {
  it('knows ours by their manifest', async () => {
    expect((await detectFormat(await treeOf({ 'manifest.json': '{"formatVersion":1,"kind":"imgdataset"}', 'images.parquet': 'PAR1' }))).format).toBe('imgdataset');
    await rm(folder, { recursive: true });
    expect((await detectFormat(await treeOf({ '车.imgmat/manifest.json': '{"sets":[]}' }))).format).toBe('imgmat');
  });

  it('says what there is and what would fit', async () => {
    const failure = await detectFormat(await treeOf({ 'a.doc': 'x', 'b.doc': 'y', 'c.json': '[1,2]' })).catch((thrown) => thrown);
    expect(failure).toBeInstanceOf(DatasetFileError);
    expect(failure.message).toContain('found 3 files (2 x .doc, 1 x .json), such as a.doc, b.doc, c.json; expected .imgdataset');
    await rm(folder, { recursive: true });
    await expect(detectFormat(await treeOf({}).catch(async () => (await mkdir(folder), FolderTree.open(folder))))).rejects.toThrow('found no file at all');
  });
});

describe('XML of others', () => {
  it.each([
    ['<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><annotation><filename>&x;</filename></annotation>', 'a DOCTYPE is not read'],
    [`<annotation>${'<a>'.repeat(50)}`, 'at most 32 deep'],
    ['<annotation><object></annotation>', '</annotation> closes nothing that is open'],
    ['<annotation></annotation><more/>', 'behind the end'],
  ])('%s is refused', async (xml, why) => {
    const problems = new ImportProblems();
    await all(readVoc(await treeOf({ 'a.xml': `<?xml version="1.0"?>\n${xml}` }), { problems })).catch((thrown) => problems.add('a.xml', '', thrown.message));
    expect(problems.list[0]!.message).toContain(why);
  });
});

describe('run lengths', () => {
  it('are those of COCO', () => {
    // As pycocotools 2.0.11 packs them.
    expect([[12, 3, 7, 3, 7, 3, 45], [0, 80], [5, 1, 33_177_594]].map(packRuns)).toEqual(['<37000V1', '0`2', '51jo_do0']);
    for (const runs of [[12, 3, 7, 3, 7, 3, 45], [0, 80], [80], [33_177_600], [5, 1, 33_177_594], [0, 1, 0, 79]]) expect(unpackRuns(packRuns(runs))).toEqual(runs);
    expect(unpackRuns('no run!')).toBeNull();
    expect(runsArea([12, 3, 7, 3, 7, 3, 45])).toBe(9);
    const window = runsBounds([12, 3, 7, 3, 7, 3, 45], 10)!;
    expect(window).toEqual({ x: 1, y: 2, width: 3, height: 3 });
    expect(wholeRuns(windowRuns([12, 3, 7, 3, 7, 3, 45], 10, window), window, 8, 10)).toEqual([12, 3, 7, 3, 7, 3, 45]);
  });
});

const COCO128 = fileURLToPath(new URL('../../../../../shared/data/datasets/coco128-val', import.meta.url));
if (!existsSync(COCO128)) console.warn('skipped: the real YOLO set is not at ../shared/data/datasets/coco128-val');

describe.skipIf(!existsSync(COCO128))('a real set', () => {
  it('of YOLO labels is read whole', async () => {
    const { images, problems } = await imported('yolo', await FolderTree.open(COCO128));
    expect(problems).toEqual([]);
    expect(images.length).toBe((await readdir(join(COCO128, 'images'))).length);
    const first = images.find(({ name }) => name === '000000000139.jpg')!;
    expect(first.size).toEqual({ width: 640, height: 426 });
    expect(first.annotations[0]).toMatchObject({ label: 'class-58', kind: 'box' });
    expect(first.annotations[0]!.box.x).toBeCloseTo((0.389578 - 0.0385937 / 2) * 640, 9);
  });
});
