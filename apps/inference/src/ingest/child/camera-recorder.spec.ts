import type { CameraId, RecordingSegment } from '@argus/contracts';
import type { MediaPacket, MediaSource } from '@argus/media';
import { newId } from '@argus/kernel';
import { describe, expect, it } from 'vitest';
import { CameraRecorder, type SegmentPlace } from './camera-recorder.js';

const live = { live: true } as MediaSource;
const DAY_MS = 1_795_000_000_000;

/** A camera of 10 pictures a second with a key frame every two seconds, and a storage that does as it is told. */
function setUp(into: string | null = '/footage') {
  const files: { readonly place: SegmentPlace; readonly ptsUs: number[]; fail: (code: string) => void; bytes: number; isFinished: boolean }[] = [];
  const told: string[] = [];
  const storage = { refuses: null as string | null, isBehind: false };
  const failure = (code: string): Error => Object.assign(new Error(code), { code });
  const recorder = new CameraRecorder({
    cameraId: newId<CameraId>(),
    into,
    segment: ({ path }) => told.push(path),
    trouble: () => undefined,
    open: (_source, place, onFailure) => {
      if (storage.refuses !== null) throw failure(storage.refuses);
      const file: (typeof files)[number] = { place, ptsUs: [], bytes: 0, isFinished: false, fail: (code) => onFailure(failure(code)) };
      files.push(file);
      return {
        get bytes() {
          return file.bytes;
        },
        write: ({ ptsUs }) => {
          if (storage.isBehind) return false;
          file.ptsUs.push(ptsUs);
          file.bytes += 1000;
          return true;
        },
        finish: async (motionOf) => {
          file.isFinished = true;
          return { path: `${file.ptsUs.length} pictures, motion ${motionOf(file.ptsUs.length * 100).join(' ')}` } as RecordingSegment;
        },
      };
    },
  });
  let index = 0;
  const take = (count: number): void => {
    for (let i = 0; i < count; i += 1, index += 1) recorder.take({ ptsUs: index * 100_000, key: index % 20 === 0 } as MediaPacket, DAY_MS + index * 100);
  };
  return { recorder, files, told, storage, take };
}

describe('CameraRecorder', () => {
  it('writes each packet into one file, cuts at the first key frame after about ten seconds, and marks motion', async () => {
    const { recorder, files, told, take } = setUp();
    recorder.connected(live);
    take(50);
    recorder.moved(4_200_000, 0.5);
    take(200);
    recorder.disconnected();
    await recorder.settled();
    expect(files.map(({ place, ptsUs }) => [place.startMs - DAY_MS, place.connection, ptsUs.length])).toEqual([[0, 1, 100], [10_000, 1, 100], [20_000, 1, 50]]);
    expect(files.flatMap(({ ptsUs }) => ptsUs)).toEqual(Array.from({ length: 250 }, (_, i) => i * 100_000));
    expect(told).toEqual(['100 pictures, motion 0 0 0 0 128 0 0 0 0 0', '100 pictures, motion 0 0 0 0 0 0 0 0 0 0', '50 pictures, motion 0 0 0 0 0']);
    expect(recorder.state).toEqual({ state: 'waiting', problem: null, bytes: 250_000, lostPackets: 0 });
  });

  it('begins at the next key frame when it is switched on, ends at once, and counts connections', () => {
    const { recorder, files, take } = setUp(null);
    recorder.connected(live);
    take(5);
    recorder.record('/footage');
    take(10);
    expect(recorder.state.state).toBe('waiting');
    take(10);
    expect(recorder.state).toMatchObject({ state: 'recording', lostPackets: 0 });
    recorder.record(null);
    take(20);
    recorder.disconnected();
    recorder.connected(live);
    recorder.record('/footage');
    take(20);
    expect(files.map(({ place, ptsUs, isFinished }) => [place.connection, ptsUs.length, isFinished])).toEqual([[1, 5, true], [2, 5, false]]);
  });

  it('says in words why it fails, counts what is lost, keeps what is on disk and comes back by itself', async () => {
    const { recorder, files, told, storage, take } = setUp();
    recorder.connected(live);
    take(10);
    storage.refuses = 'EROFS';
    files[0]?.fail('ENOSPC');
    expect(recorder.state).toMatchObject({ state: 'failed', problem: 'the disk with the recordings folder is full', lostPackets: 0 });
    take(20);
    await recorder.settled();
    expect(told).toHaveLength(1);
    expect(recorder.state).toMatchObject({ lostPackets: 20, bytes: 10_000 });
    take(20);
    expect(recorder.state).toMatchObject({ state: 'failed', problem: 'the disk with the recordings folder is read-only' });
    storage.refuses = null;
    take(60);
    expect(recorder.state).toMatchObject({ state: 'recording', problem: null });
    expect(files[1]?.ptsUs[0]).toBe(8_000_000);
  });

  it('counts packets for which a slow storage has no room', () => {
    const { recorder, storage, take } = setUp();
    recorder.connected(live);
    take(10);
    storage.isBehind = true;
    take(7);
    storage.isBehind = false;
    take(1);
    expect(recorder.state).toMatchObject({ state: 'recording', lostPackets: 7 });
  });

  it('does not record a clip that is read as fast as it can be', () => {
    const { recorder, files, take } = setUp();
    recorder.connected({ live: false } as MediaSource);
    take(30);
    expect(files).toEqual([]);
  });
});
