import { decodeLivePacket, type CameraId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import type { MediaPacket } from '@argus/media';
import { describe, expect, it } from 'vitest';
import { LiveTap } from './live-tap.js';
import { PacketGroup } from './packet-group.js';

function setUp() {
  const sent: number[] = [];
  const reader = { keepsUp: true };
  const group = new PacketGroup();
  const tap = new LiveTap({ cameraId: newId<CameraId>(), stream: 'analysis' }, group, (_key, data) => {
    if (reader.keepsUp) sent.push(decodeLivePacket(data.subarray(16)).ptsUs);
    return reader.keepsUp;
  });
  const take = (ptsUs: number, key = false): void => {
    const packet: MediaPacket = { ptsUs, key, byteLength: 100, disposable: false, toAnnexB: () => Uint8Array.of(1), share: () => packet, free: () => undefined };
    tap.show(packet);
    if (key) group.clear();
    if (key || group.isOpen) group.add({ packet, arrivedMs: 0, cause: 'idle', isCounted: false, isPassedOver: false });
  };
  return { tap, sent, group, reader, take };
}

describe('LiveTap', () => {
  it('copies nothing while nobody watches, and shows a new viewer the group from its key frame on', () => {
    const { tap, sent, take } = setUp();
    for (const [ptsUs, key] of [[0, true], [1, false], [2, true], [3, false]] as const) take(ptsUs, key);
    expect(sent).toEqual([]);
    tap.watch(true);
    expect(sent).toEqual([2, 3]);
    take(4);
    tap.watch(true);
    expect(sent).toEqual([2, 3, 4]);
    tap.watch(false);
    take(5);
    expect(sent).toEqual([2, 3, 4]);
  });

  it('repeats the group for viewers that begin anew, and nothing while nobody watches', () => {
    const { tap, sent, take } = setUp();
    take(0, true);
    tap.repeat();
    tap.watch(true);
    take(1);
    tap.repeat();
    expect(sent).toEqual([0, 1, 0, 1]);
  });

  it('sends nothing that cannot be decoded: after a gap only from a key frame on', () => {
    const { tap, sent, reader, take } = setUp();
    tap.watch(true);
    take(0, true);
    reader.keepsUp = false;
    take(1);
    reader.keepsUp = true;
    take(2);
    take(3, true);
    expect(sent).toEqual([0, 3]);
  });

  it('lets a viewer wait for a key frame when the group is not held', () => {
    const { tap, sent, group, take } = setUp();
    take(0, true);
    group.clear();
    tap.watch(true);
    take(1);
    take(2, true);
    take(3);
    expect(sent).toEqual([2, 3]);
  });
});
