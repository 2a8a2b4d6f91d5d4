import { ModelManifest } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { ModelOutputError } from '../errors.js';
import type { Tensor } from '../tensor/tensor.js';
import { decodeClassification } from './decode-classification.js';
import { decodeDetections } from './decode-detections.js';

const SIZE = 32;

function manifest(family: string, outputs: string[], labels: string[], nms = 0.5): ModelManifest {
  return ModelManifest.parse({
    formatVersion: 1, id: 'm', version: '1.0.0', title: 'm', task: family === 'nanodet' || family === 'yolox' ? 'detect' : 'classify', architecture: 'm', family,
    input: { name: 'x', width: SIZE, height: SIZE, layout: 'nchw', type: 'float32', color: 'bgr', resize: 'letterbox' },
    outputs, labels, thresholds: { nms }, license: { spdx: 'CC0-1.0', source: 'x' }, golden: [{ input: 'a', outputs: ['b'], tolerance: 1 }], files: {},
  });
}

const zeros = (...dims: number[]): Tensor => ({ data: new Float32Array(dims.reduce((a, b) => a * b, 1)), dims });
const identity = { scaleX: 1, scaleY: 1, offsetX: 0, offsetY: 0 };
const frame = { width: SIZE, height: SIZE };
const boxes = (d: { boxes: Float32Array }) => [...d.boxes].map((value) => Math.round(value * 100) / 100);

describe('nanodet', () => {
  const model = manifest('nanodet', ['s8', 'b8', 's16', 'b16'], ['cat', 'dog']);
  /** Outputs of `pictures` pictures without any detection. */
  const outputs = (pictures = 1) => [zeros(pictures, 16, 2), zeros(pictures, 16, 44), zeros(pictures, 4, 2), zeros(pictures, 4, 44)];
  /** A detection whose four sides are certain: distances in strides. */
  const put = (list: Tensor[], level: number, cell: number, label: number, score: number, sides: number[]) => {
    const [scores, dist] = [list[level * 2] as Tensor, list[level * 2 + 1] as Tensor];
    scores.data[cell * 2 + label] = score;
    for (const [side, bin] of sides.entries()) dist.data[cell * 44 + side * 11 + bin] = 100;
  };

  it('reads a cell: centre, four distances, label and score', () => {
    const list = outputs();
    put(list, 0, 5, 1, 0.75, [1, 0, 1, 2]);
    const d = decodeDetections(model, list, 0, identity, { minScore: 0.5, frame });
    expect([d.count, d.labelNames[d.labels[0] as number], d.scores[0]]).toEqual([1, 'dog', 0.75]);
    expect(boxes(d)).toEqual([4, 12, 16, 16]);
  });

  it('takes the expectation of a spread distribution, at the second stride', () => {
    const list = outputs();
    put(list, 1, 0, 0, 0.9, [0, 0, 0, 0]);
    (list[3] as Tensor).data.set([100, 100], 22);
    const d = decodeDetections(model, list, 0, identity, { minScore: 0.5, frame });
    expect(boxes(d)).toEqual([]);
    (list[3] as Tensor).data.set([0, 100], 33);
    const tall = decodeDetections(model, list, 0, identity, { minScore: 0.5, frame });
    expect(boxes(tall)).toEqual([8, 8, 8, 16]);
  });

  it('reads its own picture of a batch', () => {
    const list = outputs(2);
    put(list, 0, 16 + 5, 0, 0.8, [1, 1, 1, 1]);
    expect(decodeDetections(model, list, 0, identity, { minScore: 0.5, frame }).count).toBe(0);
    expect(boxes(decodeDetections(model, list, 1, identity, { minScore: 0.5, frame }))).toEqual([4, 4, 16, 16]);
  });

  it('maps back through the placement and clips to the frame', () => {
    const list = outputs();
    put(list, 0, 0, 0, 0.8, [2, 0, 1, 1]);
    const placement = { scaleX: 0.5, scaleY: 0.25, offsetX: 2, offsetY: -4 };
    expect(boxes(decodeDetections(model, list, 0, placement, { minScore: 0.5, frame: { width: 15, height: 60 } }))).toEqual([0, 32, 15, 28]);
  });

  it('suppresses per label, best first, and moves the kept box towards what it suppressed', () => {
    const list = outputs();
    put(list, 0, 5, 0, 0.6, [1, 1, 1, 1]);
    put(list, 0, 6, 0, 0.3, [2, 1, 0, 1]);
    put(list, 0, 9, 1, 0.7, [1, 2, 1, 0]);
    put(list, 0, 0, 0, 0.2, [0, 0, 1, 1]);
    const d = decodeDetections(model, list, 0, identity, { minScore: 0.25, frame });
    expect([...d.scores].map((score) => Math.round(score * 10))).toEqual([7, 6]);
    expect([...d.labels]).toEqual([1, 0]);
    expect(boxes(d)).toEqual([4, 4, 16, 16, 4, 4, 16, 16]);
  });

  it('refuses outputs of another label count or order', () => {
    const other = { ...model, labels: ['cat'] };
    expect(() => decodeDetections(other, outputs(), 0, identity, { minScore: 0.5, frame })).toThrow(ModelOutputError);
    expect(() => decodeDetections(model, outputs().reverse(), 0, identity, { minScore: 0.5, frame })).toThrow(/stride 8/);
    expect(() => decodeClassification(model, outputs(), 0)).toThrow(/second-stage family, got nanodet/);
  });
});

describe('yolox', () => {
  const model = manifest('yolox', ['y'], ['cat', 'dog']);
  const CELLS = 16 + 4 + 1;

  it('reads grid and exponential, objectness times label, over all strides', () => {
    const y = zeros(1, CELLS, 7);
    y.data.set([0.5, 0.5, Math.log(2), Math.log(1), 0.9, 0.1, 0.8], 5 * 7);
    y.data.set([0.5, 0.5, Math.log(0.5), Math.log(0.5), 0.8, 1, 0], (CELLS - 1) * 7);
    y.data.set([0.5, 0.5, 0, 0, 0.9, 0.2, 0.3], 0);
    const d = decodeDetections(model, [y], 0, identity, { minScore: 0.5, frame });
    expect([...d.labels]).toEqual([0, 1]);
    expect([...d.scores].map((score) => Math.round(score * 100))).toEqual([80, 72]);
    expect(boxes(d)).toEqual([8, 8, 16, 16, 4, 8, 16, 8]);
  });

  it('refuses another number of cells', () => {
    expect(() => decodeDetections(model, [zeros(1, 20, 7)], 0, identity, { minScore: 0.5, frame })).toThrow(/Nx21x7/);
  });
});

describe('classifier', () => {
  const model = manifest('classifier', ['y'], ['a', 'b', 'c', 'd', 'e', 'f']);
  const y = (...values: number[]): Tensor[] => [{ data: Float32Array.from(values), dims: [values.length / 6, 6] }];

  it('soft-maxes and gives the best five', () => {
    const { candidates, quality } = decodeClassification(model, y(0, 0, 0, 0, 0, 0, 0, Math.log(5), 0, 0, 0, 0), 1);
    expect(candidates.map((candidate) => candidate.label)).toEqual(['b', 'a', 'c', 'd', 'e']);
    expect(candidates[0]?.score).toBeCloseTo(0.5);
    expect(quality).toBeCloseTo(0.5);
  });

  it('does not soft-max twice, nor overflow', () => {
    expect(decodeClassification(model, y(0.05, 0.7, 0.25, 0, 0, 0), 0).candidates[0]?.score).toBeCloseTo(0.7);
    expect(decodeClassification(model, y(1000, 999, 0, 0, 0, 0), 0).candidates[0]?.score).toBeCloseTo(0.731, 3);
  });

  it('refuses outputs that do not fit the labels', () => {
    expect(() => decodeClassification({ ...model, labels: ['a'] }, y(1, 2, 3, 4, 5, 6), 0)).toThrow(ModelOutputError);
    expect(() => decodeDetections(model, y(1, 2, 3, 4, 5, 6), 0, identity, { minScore: 0, frame })).toThrow(/detector family, got classifier/);
  });
});
