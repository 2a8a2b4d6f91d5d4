import { decodeLivePacket, type CameraId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import type { MediaPacket } from '@argus/media';
import { describe, expect, it } from 'vitest';
import { LiveTap } from './live-tap.js';

function setUp() {
  const sent: number[] = [];
  const freed: number[] = [];
  const reader = { keepsUp: true };
  const tap = new LiveTap(newId<CameraId>(), (_key, data) => {
    if (reader.keepsUp) sent.push(decodeLivePacket(data.subarray(16)).ptsUs);
    return reader.keepsUp;
  });
  const packet = (ptsUs: number, key = false, byteLength = 100): MediaPacket => ({ ptsUs, key, byteLength, toAnnexB: () => Uint8Array.of(1), free: () => void freed.push(ptsUs) });
  return { tap, sent, freed, reader, packet };
}

describe('LiveTap', () => {
  it('copies nothing while nobody watches, and shows a new viewer the group from its key frame on', () => {
    const { tap, sent, freed, packet } = setUp();
    for (const [ptsUs, key] of [[0, true], [1, false], [2, true], [3, false]] as const) tap.take(packet(ptsUs, key));
    expect(sent).toEqual([]);
    expect(freed).toEqual([0, 1]);
    tap.watch(true);
    expect(sent).toEqual([2, 3]);
    tap.take(packet(4));
    tap.watch(true);
    expect(sent).toEqual([2, 3, 4]);
    tap.watch(false);
    tap.take(packet(5));
    expect(sent).toEqual([2, 3, 4]);
  });

  it('sends nothing that cannot be decoded: after a gap only from a key frame on', () => {
    const { tap, sent, reader, packet } = setUp();
    tap.watch(true);
    tap.take(packet(0, true));
    reader.keepsUp = false;
    tap.take(packet(1));
    reader.keepsUp = true;
    tap.take(packet(2));
    tap.take(packet(3, true));
    expect(sent).toEqual([0, 3]);
  });

  it('gives up on a group that is too large, frees it, and starts over at the next key frame', () => {
    const { tap, sent, freed, packet } = setUp();
    tap.take(packet(0, true));
    tap.take(packet(1, false, 9 * 1024 * 1024));
    expect(freed.sort()).toEqual([0, 1]);
    tap.take(packet(2));
    tap.watch(true);
    expect(sent).toEqual([]);
    tap.take(packet(3, true));
    tap.clear();
    expect(sent).toEqual([3]);
    expect(freed.sort()).toEqual([0, 1, 2, 3]);
  });
});
