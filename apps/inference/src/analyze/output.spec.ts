import { expect, it } from 'vitest';
import { formatFrame, type ResultFrame } from './output.js';

const frame: ResultFrame = {
  frame: 0,
  ptsUs: 0,
  objects: [{ number: 1, label: 'person', score: 0.812345, box: { x: 1.005, y: 2, width: 30.126, height: 80.5 }, attributes: { posture: { label: 'upright', score: 0.9 } } }],
};

it('writes one JSON line a frame, 0-based, boxes in source pixels', () => {
  expect(formatFrame('jsonl', frame)).toBe('{"frame":0,"ptsUs":0,"objects":[{"trackId":1,"label":"person","score":0.8123,"box":[1,2,30.13,80.5],"attributes":{"posture":{"label":"upright","score":0.9}}}]}\n');
});

it('writes MOT lines, 1-based, nothing for an empty picture', () => {
  expect(formatFrame('mot', frame)).toBe('1,1,1,2,30.13,80.5,0.8123,-1,-1,-1\n');
  expect(formatFrame('mot', { ...frame, objects: [] })).toBe('');
});
