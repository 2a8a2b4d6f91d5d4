import type { Detections } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { DetectionFilter } from './detection-filter.js';
import { thresholdsOf } from './thresholds.js';

const detections: Detections = {
  count: 3,
  boxes: Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
  scores: Float32Array.of(0.9, 0.1, 0.6),
  labels: Uint16Array.of(0, 0, 1),
  labelNames: ['person', 'chair'],
};

describe('DetectionFilter', () => {
  it('keeps wanted labels with enough score, row by row', () => {
    const kept = new DetectionFilter({ labels: ['person'], minScore: 0.05 }).apply(detections);
    expect(kept.count).toBe(2);
    expect([...kept.boxes]).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect([...new DetectionFilter({ labels: null, minScore: 0.5 }).apply(detections).labels]).toEqual([0, 1]);
    expect(new DetectionFilter({ labels: [], minScore: 0 }).apply(detections).count).toBe(0);
  });

  it('copies nothing when everything stays', () => expect(new DetectionFilter({ labels: null, minScore: 0 }).apply(detections)).toBe(detections));
});

it("takes the pipeline's threshold before the package's, and a weak one that follows", () => {
  const manifest = { thresholds: { score: 0.5, nms: 0.6 } };
  expect(thresholdsOf({ minScore: null }, manifest).highScore).toBe(0.5);
  const { highScore, lowScore } = thresholdsOf({ minScore: 0.3 }, manifest);
  expect(highScore).toBe(0.3);
  expect(lowScore).toBeLessThan(highScore);
});
