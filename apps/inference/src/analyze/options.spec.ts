import { describe, expect, it } from 'vitest';
import { readOptions } from './options.js';

describe('readOptions', () => {
  it('has defaults: classify, jsonl, every picture, every label', () => {
    expect(readOptions(['clip.mp4'], {})).toMatchObject({ file: 'clip.mp4', stage: 'classify', format: 'jsonl', every: 1, labels: null, out: null, detector: null });
  });

  it('writes persons only as mot, unless labels are given', () => {
    expect(readOptions(['c', '--format', 'mot'], {})?.labels).toEqual(['person']);
    expect(readOptions(['c', '--format', 'mot', '--labels', 'car, bus'], {})?.labels).toEqual(['car', 'bus']);
  });

  it.each<[string, string[], RegExp]>([
    ['no file', [], /expected one FILE, got 0/],
    ['two files', ['a', 'b'], /got 2/],
    ['an unknown option', ['a', '--evry', '5'], /--evry/],
    ['a wrong stage', ['a', '--stage', 'all'], /--stage: expected detect, track, classify, got "all"/],
    ['every 0', ['a', '--every', '0'], /--every: expected a whole number from 1 on/],
    ['every 1.5', ['a', '--every', '1.5'], /--every/],
  ])('refuses %s', (_what, args, message) => {
    expect(() => readOptions(args, {})).toThrow(message);
  });

  it('gives help whatever else is there', () => {
    expect(readOptions(['--help'], {})).toBeNull();
  });
});
