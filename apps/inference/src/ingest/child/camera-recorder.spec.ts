import type { CameraId, RecordingSegment, SegmentId } from '@argus/contracts';
import { FootageDiskError } from '@argus/footage';
import { newId } from '@argus/kernel';
import type { MediaPacket, MediaSource, SegmentWriterOptions } from '@argus/media';
import { describe, expect, it } from 'vitest';
import { CameraRecorder } from './camera-recorder.js';

const DAY_MS = 1_795_000_000_000;

/** A camera of 10 pictures a second with a key frame every two seconds, and a writer that does as it is told. */
function setUp(into: string | null = '/footage') {
  const writers: { readonly options: SegmentWriterOptions; readonly ptsUs: number[]; readonly anew: number[]; readonly counts: { packets: number; writtenPackets: number; lostPackets: number; writtenBytes: number }; isClosed: boolean }[] = [];
  const told: RecordingSegment[] = [];
  const source = { live: true, jumps: 0 };
  const recorder = new CameraRecorder({
    cameraId: newId<CameraId>(),
    into,
    segment: (segment) => told.push(segment),
    trouble: () => undefined,
    write: (options) => {
      const writer: (typeof writers)[number] = { options, ptsUs: [], anew: [], counts: { packets: 0, writtenPackets: 0, lostPackets: 0, writtenBytes: 0 }, isClosed: false };
      writers.push(writer);
      return {
        counts: writer.counts,
        append: ({ ptsUs }) => {
          writer.ptsUs.push(ptsUs);
          writer.counts.writtenBytes += 1000;
        },
        startAnew: () => writer.anew.push(writer.ptsUs.length),
        close: async () => {
          writer.isClosed = true;
        },
      };
    },
  });
  let [index, connection] = [0, 0];
  const take = (count: number, lateMs = 0): void => {
    for (let i = 0; i < count; i += 1, index += 1) recorder.take({ ptsUs: index * 100_000, key: index % 20 === 0 } as MediaPacket, DAY_MS + index * 100 + lateMs);
  };
  const wallOf = (writer: (typeof writers)[number] | undefined, ptsUs: number): number => {
    const wallMs = writer?.options.wallMs;
    return typeof wallMs === 'function' ? wallMs(ptsUs) - DAY_MS : NaN;
  };
  return { recorder, writers, told, take, source, wallOf, connect: () => recorder.connected(source as MediaSource, (connection += 1)) };
}

describe('CameraRecorder', () => {
  it('gives each packet to the writer of its connection, from a key frame on', () => {
    const { recorder, writers, take, connect } = setUp();
    connect();
    take(50);
    recorder.disconnected();
    connect();
    take(30);
    expect(writers.map(({ options, ptsUs, isClosed }) => [options.connection, ptsUs[0], ptsUs.length, isClosed])).toEqual([['1', 0, 50, true], ['2', 6_000_000, 20, false]]);
    expect(recorder.state).toEqual({ state: 'recording', problem: null, bytes: 70_000, lostPackets: 0 });
  });

  it('tells of a finished file with its place, its times and where something moved in it', () => {
    const { recorder, writers, told, take, connect } = setUp('/footage');
    connect();
    take(50);
    recorder.moved(4_200_000, 0.5);
    const id = newId<SegmentId>();
    const { options } = writers[0] ?? {};
    const path = `/footage/x/2026-11-18/${DAY_MS}-${id}.mp4`;
    options?.onSegment({ id, path, startMs: DAY_MS, endMs: DAY_MS + 4900.5, bytes: 9, headBytes: 1, headId: '0123456789abcdef', codec: 'h264', codecString: 'avc1', width: 2, height: 2, hasAudio: false, connection: '1', fragments: [] }, { startUs: 0, endUs: 4_900_500 });
    expect(told).toMatchObject([{ id, path: `x/2026-11-18/${DAY_MS}-${id}.mp4`, startAt: new Date(DAY_MS).toISOString(), endAt: new Date(DAY_MS + 4900).toISOString(), connection: 1, headId: '0123456789abcdef', motion: [0, 0, 0, 0, 128] }]);
  });

  it('begins at the next key frame when it is switched on, ends at once, and knows the time from before', () => {
    const { recorder, writers, take, connect, wallOf } = setUp(null);
    connect();
    take(5, 40);
    recorder.record('/footage');
    take(10, 400);
    expect(recorder.state.state).toBe('waiting');
    take(10, 400);
    expect(recorder.state).toMatchObject({ state: 'recording', lostPackets: 0 });
    expect(wallOf(writers[0], 2_000_000)).toBe(2040);
    recorder.record(null);
    take(20);
    expect(recorder.state.state).toBe('waiting');
    expect(writers.map(({ ptsUs, isClosed }) => [ptsUs.length, isClosed])).toEqual([[5, true]]);
  });

  it.each([
    ['a stream whose own time jumped', (source: { jumps: number }) => (source.jumps += 1), 12_000],
    ['a clock that was set back', () => undefined, -3_600_000],
  ])('begins a new segment with the right time behind %s', (_what, jump, lateMs) => {
    const { recorder, writers, take, connect, source, wallOf } = setUp();
    connect();
    take(25);
    expect(wallOf(writers[0], 0)).toBe(0);
    jump(source);
    take(16, lateMs);
    expect(writers[0]?.anew).toEqual([25]);
    expect(wallOf(writers[0], 4_000_000)).toBe(4000 + lateMs);
    expect(recorder.state).toMatchObject({ state: 'recording', lostPackets: 0 });
  });

  it.each([
    ['ENOSPC', 'the disk with the recordings folder is full'],
    ['EROFS', 'the disk with the recordings folder is read-only'],
    ['ENOENT', 'the recordings folder is gone: is its disk there?'],
    ['EODD', 'footage cannot be written into the recordings folder: odd'],
  ])('says in words why it fails (%s), until something is written again', (reason, words) => {
    const { recorder, writers, take, connect } = setUp();
    connect();
    take(10);
    const counts = writers[0]?.counts as { writtenBytes: number; lostPackets: number };
    writers[0]?.options.onFailure(new FootageDiskError('odd', { reason }));
    counts.lostPackets = 20;
    expect(recorder.state).toEqual({ state: 'failed', problem: words, bytes: 10_000, lostPackets: 20 });
    counts.writtenBytes += 1;
    expect(recorder.state).toMatchObject({ state: 'recording', problem: null });
  });

  it('counts what closed writers did, and is not troubled by them', async () => {
    const { recorder, writers, take, connect } = setUp();
    connect();
    take(20);
    recorder.disconnected();
    connect();
    take(20);
    writers[0]?.options.onFailure(new FootageDiskError('late', { reason: 'EIO' }));
    if (writers[0]) writers[0].counts.lostPackets = 3;
    expect(recorder.state).toMatchObject({ state: 'recording', bytes: 40_000, lostPackets: 3 });
    await recorder.settled();
    expect(recorder.state).toMatchObject({ state: 'recording', bytes: 40_000, lostPackets: 3 });
  });

  it('does not record a clip that is read as fast as it can be', () => {
    const { recorder, writers, take } = setUp();
    recorder.connected({ live: false, jumps: 0 } as MediaSource, 1);
    take(30);
    expect(writers).toEqual([]);
  });
});
