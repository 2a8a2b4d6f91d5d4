import { describe, expect, it } from 'vitest';
import { readAddress, timelineAddress } from './timeline-address.js';

const read = (text: string) => readAddress(new URLSearchParams(text));

describe('the address of a moment', () => {
  it('names cameras, moment, zoom', () => {
    expect(read('camera=a,b&camera=c&t=2026-11-28T08:00:00.500Z&span=600&alone=b')).toEqual({ cameraIds: ['a', 'b', 'c'], atMs: Date.UTC(2026, 10, 28, 8, 0, 0, 500), spanMs: 600_000, alone: 'b' });
    expect(read('t=1764316800000').atMs).toBe(1_764_316_800_000);
  });

  it('forgives what it does not understand', () => {
    expect(read('t=yesterday&span=wide')).toEqual({ cameraIds: null, atMs: null, spanMs: null, alone: null });
    expect(read('camera=').cameraIds).toEqual([]);
    expect(read(`camera=${Array.from({ length: 30 }, (_, index) => `c${index}`).join(',')}`).cameraIds).toHaveLength(16);
    expect(read('span=1').spanMs).toBe(60_000);
  });

  it('is made for an event', () => {
    expect(read(timelineAddress('cam', Date.UTC(2026, 0, 1)).split('?')[1] as string)).toMatchObject({ cameraIds: ['cam'], atMs: Date.UTC(2026, 0, 1) });
  });
});
