import type { CameraId, RecordingSegment, SegmentId } from '@argus/contracts';
import { FootageDiskError } from '@argus/footage';
import { newId } from '@argus/kernel';
import type { MediaPacket, MediaSource, SegmentWriterOptions } from '@argus/media';
import { describe, expect, it } from 'vitest';
import type { RecordOrder } from '../messages.js';
import { CameraRecorder } from './camera-recorder.js';

const DAY_MS = 1_795_000_000_000;

/** A camera of 10 pictures a second with a key frame every two seconds, and a writer that does as it is told. */
const ORDER: RecordOrder = { into: '/footage', sound: true, trigger: 'always', preUs: 5_000_000, postUs: 3_000_000 };

function setUp(order: RecordOrder | null = ORDER) {
  const writers: { readonly options: SegmentWriterOptions; readonly ptsUs: number[]; readonly anew: number[]; readonly counts: { packets: number; writtenPackets: number; lostPackets: number; writtenBytes: number }; isClosed: boolean }[] = [];
  const told: RecordingSegment[] = [];
  const source = { live: true, jumps: 0, isBlind: false };
  const recorder = new CameraRecorder({
    cameraId: newId<CameraId>(),
    order,
    eventOpen: false,
    isBlind: () => source.isBlind,
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
    for (let i = 0; i < count; i += 1, index += 1) recorder.take(packetOf(index), DAY_MS + index * 100 + lateMs);
  };
  const held = new Set<object>();
  const packetOf = (number: number): MediaPacket => {
    const packet = { ptsUs: number * 100_000, key: number % 20 === 0, byteLength: 1000 };
    const share = () => {
      const shared = { ...packet, free: () => held.delete(shared) };
      held.add(shared);
      return shared;
    };
    return { ...packet, share } as unknown as MediaPacket;
  };
  const wallOf = (writer: (typeof writers)[number] | undefined, ptsUs: number): number => {
    const wallMs = writer?.options.wallMs;
    return typeof wallMs === 'function' ? wallMs(ptsUs) - DAY_MS : NaN;
  };
  return { recorder, writers, told, held, take, source, wallOf, connect: () => recorder.connected(source as unknown as MediaSource, (connection += 1)) };
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
    const { recorder, writers, told, take, connect } = setUp();
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
    recorder.record(ORDER);
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

  const secondsOf = ({ ptsUs }: { readonly ptsUs: readonly number[] }): number[] => [ptsUs[0] as number, ptsUs.at(-1) as number].map((us) => us / 1e6);

  it('keeps what was before and after motion, from key frame to key frame, and holds little of the rest', () => {
    const { recorder, writers, held, take, connect } = setUp({ ...ORDER, trigger: 'motion' });
    connect();
    take(300);
    expect([writers, recorder.state.state]).toEqual([[], 'waiting']);
    // From the key frame at 24 s on: five seconds before now, and the rest of that group.
    expect(held.size).toBe(60);
    recorder.moved(29_900_000, 0.1);
    take(10);
    expect(recorder.state.state).toBe('recording');
    recorder.moved(30_500_000, 0.1);
    take(100);
    expect(writers.map((writer) => [...secondsOf(writer), writer.isClosed])).toEqual([[24, 33.9, true]]);
    expect(writers[0]?.ptsUs).toEqual(Array.from({ length: 100 }, (_, index) => 24_000_000 + index * 100_000));
    // What follows a file goes on in the next one, without a packet missing between them.
    const shortly = setUp({ ...ORDER, trigger: 'motion', postUs: 1_000_000 });
    shortly.connect();
    shortly.take(5);
    shortly.recorder.moved(400_000, 1);
    shortly.take(18);
    shortly.recorder.moved(2_200_000, 1);
    shortly.take(10);
    expect(shortly.writers.map(secondsOf)).toEqual([[0, 1.9], [2, 3.2]]);
    recorder.disconnected();
    expect(held.size).toBe(0);
  });

  it('keeps what is around events, as long as they last', () => {
    const { recorder, writers, take, connect } = setUp({ ...ORDER, trigger: 'events', preUs: 0 });
    connect();
    take(55);
    recorder.moved(5_000_000, 1);
    recorder.event(true);
    take(100);
    recorder.event(false);
    take(100);
    expect(writers.map((writer) => [...secondsOf(writer), writer.isClosed])).toEqual([[4, 19.9, true]]);
    // One that is over at once is an event all the same; none that was not there is.
    recorder.event(false);
    take(40);
    expect(writers).toHaveLength(1);
    recorder.event(true);
    recorder.event(false);
    take(60);
    expect(secondsOf(writers[1] as never)).toEqual([28, 33.9]);
  });

  it('keeps all while nobody can say whether something moves', () => {
    const { recorder, writers, take, connect, source } = setUp({ ...ORDER, trigger: 'motion' });
    connect();
    source.isBlind = true;
    take(100);
    expect(writers.map(secondsOf)).toEqual([[0, 9.9]]);
    source.isBlind = false;
    take(30);
    expect(recorder.state.state).toBe('waiting');
  });

  it('goes on with the same file when all is wanted instead, and tells the right time after a long wait', () => {
    const { recorder, writers, take, connect, wallOf } = setUp({ ...ORDER, trigger: 'motion' });
    connect();
    take(50);
    // The camera's clock runs slow: each picture comes later than it says.
    for (let second = 1; second <= 200; second += 1) take(10, second * 20);
    recorder.moved(204_900_000, 1);
    take(1, 4000);
    recorder.record(ORDER);
    take(100, 4000);
    expect(writers).toHaveLength(1);
    expect(Math.abs(wallOf(writers[0], 200_000_000) - 204_000)).toBeLessThan(1200);
  });
});
