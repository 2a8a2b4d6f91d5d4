import { describe, expect, it } from 'vitest';
import { CounterRate, RateWindow, ValueWindow } from './windows.js';

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

describe('CounterRate', () => {
  it('is the growth over its span, whenever it is read', () => {
    const rate = new CounterRate(2000);
    expect(rate.perSecond).toBe(0);
    for (const [count, at] of [[0, 0], [10, 1000], [20, 2000], [60, 3000], [100, 4000]] as const) rate.read(count, at);
    expect(rate.perSecond).toBe(40);
    rate.read(0, 5000);
    expect(rate.perSecond).toBe(0);
  });
});
