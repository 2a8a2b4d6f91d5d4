import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Annotation, Sample } from '@argus/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FolderSink } from '../files/folder-sink.js';
import type { SampleSource } from '../sample-source.js';
import { writeCoco } from './coco-write.js';
import { writeCvatImages } from './cvat-images.js';
import { writeDatumaro } from './datumaro.js';
import { packRuns } from './runs.js';

/** Real third parties: pycocotools and Datumaro, of the Python that ARGUS_ORACLE_PYTHON names or python3. */
const PYTHON = process.env.ARGUS_ORACLE_PYTHON ?? 'python3';
const has = (module: string) => spawnSync(PYTHON, ['-c', `import ${module}`]).status === 0;
const [hasCoco, hasDatumaro] = [has('pycocotools'), has('datumaro')];
if (!hasCoco) console.warn(`skipped: ${PYTHON} has no pycocotools`);
if (!hasDatumaro) console.warn(`skipped: ${PYTHON} has no datumaro`);

function python(script: string, ...args: string[]): unknown {
  const { status, stdout, stderr } = spawnSync(PYTHON, ['-W', 'error::UserWarning', '-c', script, ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout.trim().split('\n').at(-1)!);
}

const base = { points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'edited', attributes: {} } as const;
const WIDTH = 60;
const HEIGHT = 40;
/** A picture of one colour, encoded by hand: nothing looks into it. */
const PNG = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAADwAAAAoCAAAAABwJlRAAAAAHElEQVR42u3BMQEAAADCoPVPbQwfoAAAAAAAAIBLCSgAAbzpZrUAAAAASUVORK5CYII=', 'base64');

const scene: SampleSource = {
  name: '场景',
  async *samples() {
    for (let i = 0; i < 12; i += 1) {
      const annotations: Annotation[] = [
        { ...base, id: `${i}-a`, kind: 'box', label: '人', box: { x: 1.25 + i, y: 2.5, width: 10.125, height: 12.75 } },
        { ...base, id: `${i}-b`, kind: 'polygon', label: '车 🚗', box: { x: 5, y: 6, width: 20, height: 10 }, points: [5, 6, 25, 6, 25, 16, 5, 16] },
        { ...base, id: `${i}-c`, kind: 'mask', label: '人', box: { x: 2, y: 5, width: 2, height: 3 }, runs: [2 * HEIGHT + 5, 3, HEIGHT - 3, 3, (WIDTH - 4) * HEIGHT + HEIGHT - 8] },
        { ...base, id: `${i}-d`, kind: 'ignore', label: '人', box: { x: 30, y: 20, width: 25, height: 15 } },
      ];
      yield { sha256: String(i).padStart(64, '0'), mime: 'image/png', bytes: PNG.length, width: WIDTH, height: HEIGHT, name: `图 ${i}.png`, origin: null, quality: null, split: i % 3 === 0 ? 'val' : 'train', complete: true, focus: false, annotations: i === 5 ? [] : annotations, attributes: {} } satisfies Sample;
    }
  },
  read: async () => PNG,
};

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-oracle-'));
  await writeCoco(scene, new FolderSink(join(folder, 'coco')));
  await writeDatumaro(scene, new FolderSink(join(folder, 'datumaro')));
  await writeCvatImages(scene, new FolderSink(join(folder, 'cvat')));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!hasCoco)('pycocotools', () => {
  it('packs run lengths as we do', () => {
    const runs = [[12, 3, 7, 3, 7, 3, 45], [0, 80], [80], [0, 1, 78, 1]];
    const packed = python('import sys,json\nfrom pycocotools import mask\nprint(json.dumps([mask.frPyObjects({"counts":r,"size":[10,8]},10,8)["counts"].decode() for r in json.loads(sys.argv[1])]))', JSON.stringify(runs));
    expect(runs.map(packRuns)).toEqual(packed);
  });

  it('loads our COCO, and its own labels as results score 1', () => {
    const script = `
import sys,json
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval
gt=COCO(sys.argv[1])
res=[{"image_id":a["image_id"],"category_id":a["category_id"],"bbox":a["bbox"],"score":1.0} for a in gt.anns.values() if not a["iscrowd"]]
areas=[[a["area"],float(gt.annToMask(a).sum())] for a in gt.anns.values() if a["segmentation"]]
e=COCOeval(gt,gt.loadRes(res),"bbox");e.evaluate();e.accumulate();e.summarize()
print(json.dumps({"map":e.stats[0],"anns":len(gt.anns),"images":len(gt.imgs),"categories":[c["name"] for c in gt.cats.values()],"first":gt.anns[1]["bbox"],"areas":areas[:2],"least":min(gt.anns)}))`;
    const seen = python(script, join(folder, 'coco/annotations/instances_default.json')) as { map: number; areas: number[][] };
    expect(seen).toMatchObject({ anns: 44, images: 12, categories: ['人', '车 🚗'], first: [1.25, 2.5, 10.125, 12.75], least: 1, areas: [[200, 200], [6, 6]] });
    expect(Math.abs(seen.map - 1)).toBeLessThanOrEqual(1e-6);
  });
});

describe.skipIf(!hasDatumaro)('Datumaro', () => {
  it.each([
    ['datumaro', 44],
    // It makes a box of each outline and mask too.
    ['coco', 66],
    ['cvat', 44],
  ])('reads our %s', (format, annotations) => {
    const script = `
import sys,json
from datumaro.components.dataset import Dataset
d=Dataset.import_from(sys.argv[1],sys.argv[2])
items=list(d)
anns=[a for i in items for a in i.annotations]
box=[a for a in anns if a.type.name=="bbox"]
print(json.dumps({"items":len(items),"anns":len(anns),"labels":sorted(l.name for l in d.categories()[__import__("datumaro").AnnotationType.label].items if l.name),"x":min(b.x for b in box)}))`;
    const seen = python(script, join(folder, format), format);
    expect(seen).toMatchObject({ items: 12, anns: annotations, labels: ['人', '车 🚗'], x: 1.25 });
  });
});
