import type { CameraId } from '@argus/contracts';
import { newId } from '@argus/kernel';
import type { MediaSource } from '@argus/media';
import { describe, expect, it } from 'vitest';
import type { OpenSegment, SegmentFile } from './camera-recorder.js';
import { DiskRoom, whileThereIsRoom } from './disk-room.js';

const settled = () => new Promise((soon) => setImmediate(soon));
const place = (root: string) => ({ root, cameraId: newId<CameraId>(), startMs: 0, connection: 1 });

function room(...shares: (number | Error)[]) {
  const looks: (() => void)[] = [];
  const opened: string[] = [];
  const look = () => {
    // 0: it never answers.
    const share = shares.shift() ?? 0;
    if (share instanceof Error) return Promise.reject(share);
    return share === 0 ? new Promise<never>(() => undefined) : Promise.resolve({ bytes: 1000, usedBytes: share * 1000 });
  };
  const open: OpenSegment = (_source, { root }) => (opened.push(root), {} as SegmentFile);
  const guarded = whileThereIsRoom(open, new DiskRoom({ look, every: (work) => looks.push(work) }));
  return { opened, look: () => looks.forEach((one) => one()), open: (root = '/r') => guarded({} as MediaSource, place(root), () => undefined) };
}

describe('files of footage', () => {
  it('are begun below 95 % and not from there on, until there is room again', async () => {
    const disk = room(0.949, 0.95, 0.5);
    disk.open();
    await settled();
    disk.open();
    disk.look();
    await settled();
    expect(() => disk.open()).toThrow(/95 % full, and nothing is recorded from 95 % on/);
    disk.look();
    await settled();
    disk.open();
    expect(disk.opened).toHaveLength(3);
  });

  it('are begun while nothing is known: the disk is slow, or cannot be looked at', async () => {
    const slow = room(0);
    slow.open();
    slow.look();
    slow.open();
    const broken = room(0.99, new Error('EIO'));
    broken.open();
    await settled();
    expect(() => broken.open()).toThrow('99 %');
    broken.look();
    await settled();
    broken.open();
    expect([slow.opened.length, broken.opened.length]).toEqual([2, 2]);
  });

  it('are judged by the disk that they are on', async () => {
    const disks = room(0.99, 0.5);
    for (const root of ['/full', '/free']) disks.open(root);
    await settled();
    disks.open('/free');
    expect(() => disks.open('/full')).toThrow('99 %');
  });
});
