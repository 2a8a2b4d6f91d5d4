import { fileURLToPath } from 'node:url';
import { ModelManifest } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { decodeDetections } from '../families/decode-detections.js';
import { readModelPackage } from '../package/read-model-package.js';
import { openModel } from '../runtime/model-session.js';
import { ELEMENT, modelFile, node, shapeInitializer, valueInfo } from './onnx.js';

const SIZE = 32;
const PIXELS = SIZE * SIZE * 3;
const NANODET = fileURLToPath(new URL('../../packages/nanodet-g-416', import.meta.url));
const view = { minScore: 0.6, frame: { width: SIZE, height: SIZE } };
const placement = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 };

/** A YOLOX head whose 21 cells of one label are pixels of the picture. */
function headOfPixels(opset: number, batch: number | string): Uint8Array {
  return modelFile(
    {
      inputs: [valueInfo({ name: 'x', element: ELEMENT.float32, dims: [batch, 3, SIZE, SIZE] })],
      outputs: [valueInfo({ name: 'y', element: ELEMENT.float32, dims: null })],
      initializers: [shapeInitializer('cells', [0, PIXELS / 6, 6]), shapeInitializer('first', Array.from({ length: 21 }, (_, cell) => cell))],
      nodes: [node({ type: 'Reshape', inputs: ['x', 'cells'], output: 'all' }), node({ type: 'Gather', inputs: ['all', 'first'], output: 'y', int: { name: 'axis', value: 1 } })],
    },
    opset,
  );
}

const manifest = ModelManifest.parse({
  formatVersion: 1, id: 'm', version: '1.0.0', title: 'm', task: 'detect', architecture: 'm', family: 'yolox',
  input: { name: 'x', width: SIZE, height: SIZE, layout: 'nchw', type: 'float32', color: 'bgr', std: [255, 255, 255], resize: 'letterbox' },
  outputs: ['y'], labels: ['cat'], thresholds: { nms: 0.5 }, license: { spdx: 'CC0-1.0', source: 'x' }, golden: [{ input: 'a', outputs: ['b'], tolerance: 1 }], files: {},
});

/** The same noise every time. */
function noise(count: number): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: count }, () => (state = (state * 16807) % 2147483647) & 255);
}

describe('rows selected in the graph', () => {
  it.each([
    [11, 1], [13, 'n'], [13, 2], [18, 'n'], [21, 1],
  ] as const)('give the boxes of the whole outputs: operator set %i, %s pictures a run', async (opset, batch) => {
    const session = await openModel({ path: 'test', manifest, digest: '', model: headOfPixels(opset, batch), golden: [], text: null }, { verify: false });
    const pixels = noise(3 * PIXELS);
    const [whole, selected] = [await session.run(pixels, 3), await session.run(pixels, 3, view.minScore)];
    expect(whole[0]?.dims).toEqual([3, 21, 6]);
    expect(selected[0]?.data.length).toBeLessThan(((whole[0]?.data.length ?? 0) * 2) / 3);
    const boxesOf = (outputs: typeof whole) => [0, 1, 2].map((picture) => decodeDetections(manifest, outputs, picture, placement, view));
    expect(boxesOf(selected)).toEqual(boxesOf(whole));
    expect(boxesOf(whole).map(({ count }) => count > 0)).toEqual([true, true, true]);
    await session.close();
  });

  it('are whole outputs where the graph is too old to select', async () => {
    const session = await openModel({ path: 'test', manifest, digest: '', model: headOfPixels(10, 1), golden: [], text: null }, { verify: false });
    const [output] = await session.run(noise(PIXELS), 1, view.minScore);
    expect([output?.dims, output?.places]).toEqual([[1, 21, 6], undefined]);
    await session.close();
  });

  it('give the boxes of NanoDet’s whole outputs, and none where nothing is seen', async () => {
    const pkg = await readModelPackage(NANODET);
    const session = await openModel(pkg);
    const golden = pkg.golden[0]?.pixels as Uint8Array;
    const picture = { minScore: 0.3, frame: { width: 416, height: 416 } };
    const [whole, selected, nothing] = [await session.run(golden, 1), await session.run(golden, 1, 0.3), await session.run(golden, 1, 0.999)];
    const boxes = decodeDetections(pkg.manifest, selected, 0, placement, picture);
    expect(boxes).toEqual(decodeDetections(pkg.manifest, whole, 0, placement, picture));
    expect(boxes.count).toBeGreaterThan(5);
    expect(nothing.map(({ data }) => data.length)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(decodeDetections(pkg.manifest, nothing, 0, placement, { ...picture, minScore: 0.999 }).count).toBe(0);
    await session.close();
  });
});
