import { describe, expect, it } from 'vitest';
import { RateWindow, ValueWindow } from './windows.js';

describe('RateWindow', () => {
  it('counts over its span, whatever the bursts', () => {
    const rate = new RateWindow(1000);
    for (const at of [0, 1, 2, 3, 500, 999]) rate.add(at);
    expect(rate.perSecond(999)).toBe(6);
    expect(rate.perSecond(1001)).toBe(4);
    expect(rate.perSecond(5000)).toBe(0);
  });
});

describe('ValueWindow', () => {
  it('gives nearest-rank percentiles of the newest values', () => {
    const window = new ValueWindow(4);
    expect(window.percentile(0.5)).toBeNull();
    for (const value of [100, 1, 2, 3, 4]) window.add(value);
    expect(window.percentile(0.5)).toBe(2);
    expect(window.percentile(0.95)).toBe(4);
    expect(window.percentile(0)).toBe(1);
  });
});
