import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FootageRange, planFootage, readSegment, splitUnits, type SegmentDescription } from '@argus/footage';
import { startRtspCameras } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DemuxedSource } from '../demuxed-source.js';
import type { MediaPacket, MediaSource } from '../media-source.js';
import { NativePacket } from '../native-packet.js';
import { openSource } from '../sources/open-source.js';
import { VideoDecoder } from '../video-decoder.js';
import { SegmentWriter, type SegmentWriterOptions } from './segment-writer.js';

// Real: RTSP from another process, clips encoded by ffmpeg, the disk, native reading, and ffmpeg of the system as a second opinion on what was written.
const DEMO = fileURLToPath(new URL('../../../../demo/street.mp4', import.meta.url));
const START_MS = 1_700_000_000_000;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus segments 片-'));
  clip('b-frames.mp4', '-t', '24', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3', '-g', '25');
  clip('hevc.mp4', '-t', '14', '-s', '384x288', '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:keyint=20:bframes=3:open-gop=0');
  clip('open.mp4', '-t', '24', '-s', '384x288', '-c:v', 'libx265', '-preset', 'ultrafast', '-x265-params', 'log-level=none:keyint=20:min-keyint=20:scenecut=0:bframes=3:open-gop=1');
  clip('plain.mpegts', '-t', '24', '-c', 'copy', '-f', 'mpegts');
  clip('b-frames.mpegts', '-t', '24', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '3', '-g', '25', '-f', 'mpegts');
  clip('jpeg.mp4', '-t', '12', '-s', '384x288', '-c:v', 'mjpeg', '-q:v', '8');
  clip('small.mpegts', '-t', '4', '-s', '384x288', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '20', '-f', 'mpegts');
  writeFileSync(join(folder, 'two-sizes.mpegts'), Buffer.concat([readFileSync(join(folder, 'plain.mpegts')), readFileSync(join(folder, 'small.mpegts'))]));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clip = (name: string, ...how: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', DEMO, '-an', ...how, join(folder, name)]);
const openFast = (path: string): Promise<MediaSource> => openSource(`${pathToFileURL(path).href}?pace=fast`, { fileRoots: [folder, fileURLToPath(new URL('.', pathToFileURL(DEMO)))] });
/** Of the units, whether they came behind start codes of three bytes, of four, or lengths; motion JPEG as it is. */
function hashOf(packet: MediaPacket, codec: string): string {
  const hash = createHash('md5');
  for (const unit of codec === 'mjpeg' ? [packet.toAnnexB()] : splitUnits(packet.toAnnexB(), 0)) hash.update(String(unit.byteLength)).update(unit);
  return hash.digest('hex');
}

interface Written {
  readonly segments: SegmentDescription[];
  readonly packets: { readonly ptsUs: number; readonly hash: string }[];
  readonly writer: SegmentWriter;
  readonly problems: string[];
}

/** Writes a whole clip; `change` may give other packets in the place of each, or none. */
async function write(path: string, change: (packet: NativePacket, source: DemuxedSource) => readonly NativePacket[] = (packet) => [packet], more: Partial<SegmentWriterOptions> = {}, most = Number.POSITIVE_INFINITY): Promise<Written> {
  const source = path.startsWith('rtsp:') ? await openSource(path) : await openFast(path);
  const segments: SegmentDescription[] = [];
  const problems: string[] = [];
  const into = mkdtempSync(join(folder, 'out-'));
  const writer = new SegmentWriter({ source, folder: into, connection: 'c1', wallMs: START_MS, onSegment: (segment) => segments.push(segment), onFailure: ({ message }) => problems.push(message), onResume: () => problems.push('resumed'), ...more });
  const packets: { ptsUs: number; hash: string }[] = [];
  for (let packet = await source.next(); packet !== null; packet = await source.next()) {
    for (const given of change(packet as NativePacket, source as DemuxedSource)) {
      packets.push({ ptsUs: given.ptsUs, hash: hashOf(given, source.stream.codec) });
      writer.append(given);
      given.free();
    }
    packet.free();
    if (packets.length >= most) break;
  }
  await writer.close();
  await source.close();
  return { segments, packets, writer, problems };
}

async function packetsOf(path: string): Promise<{ ptsUs: number; hash: string }[]> {
  const source = await openFast(path);
  const packets: { ptsUs: number; hash: string }[] = [];
  for (let packet = await source.next(); packet !== null; packet = await source.next()) {
    packets.push({ ptsUs: packet.ptsUs, hash: hashOf(packet, source.stream.codec) });
    packet.free();
  }
  await source.close();
  return packets;
}

/** Hashes of the decoded pictures in the order of presentation, by ffmpeg; it must have nothing to complain about. */
function picturesOf(path: string): string[] {
  const out = execFileSync('sh', ['-c', 'ffmpeg -v warning -i "$0" -fps_mode passthrough -f framemd5 - 2>&1', path], { encoding: 'utf8' });
  return out.split('\n').filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(',').at(-1)?.trim() ?? '');
}

/** What a player sees: times of decoding and presentation in microseconds. */
function timesOf(path: string): { dts: number; pts: number }[] {
  const out = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts,dts', '-of', 'json', path], { encoding: 'utf8' });
  return (JSON.parse(out) as { packets: { dts: number; pts: number }[] }).packets;
}

async function film(segments: readonly SegmentDescription[], fromMs: number, toMs: number) {
  const plan = planFootage(segments, fromMs, toMs);
  if (plan === null) throw new Error('nothing planned');
  const parts: Buffer[] = [];
  for await (const part of new FootageRange(plan)) parts.push(part);
  const path = join(folder, `film-${fromMs}-${toMs}.mp4`);
  const bytes = Buffer.concat(parts);
  writeFileSync(path, bytes);
  expect(bytes.length).toBe(plan.bytes);
  return { plan, path, largest: Math.max(...parts.map(({ length }) => length)) };
}

const CLIPS = ['street.mp4', 'b-frames.mp4', 'hevc.mp4', 'plain.mpegts', 'b-frames.mpegts', 'jpeg.mp4'];
const pathOfClip = (name: string): string => (name === 'street.mp4' ? DEMO : join(folder, name));

describe('SegmentWriter', () => {
  it.each([...CLIPS, 'open.mp4'])('%s: every packet is in exactly one segment, in order and at its time', async (name) => {
    const { segments, packets, writer, problems } = await write(pathOfClip(name));
    expect(problems).toEqual([]);
    expect(writer.counts).toMatchObject({ packets: packets.length, writtenPackets: packets.length, lostPackets: 0 });
    const found: { ptsUs: number; hash: string }[] = [];
    for (const { path, startMs } of segments) for (const { ptsUs, hash } of await packetsOf(path)) found.push({ ptsUs: ptsUs + (startMs - START_MS) * 1000, hash });
    expect(found.map(({ hash }) => hash)).toEqual(packets.map(({ hash }) => hash));
    // In an open group the first packet is not the first picture, which reading a file anew counts from.
    if (name !== 'open.mp4') expect(Math.max(...found.map(({ ptsUs }, index) => Math.abs(ptsUs - (packets[index]?.ptsUs ?? 0))))).toBeLessThan(1000);
    expect(segments.flatMap(({ fragments }) => fragments).reduce((sum, fragment) => sum + fragment.packets, 0)).toBe(packets.length);
  });

  it.each([...CLIPS, 'open.mp4'])('%s: segments are read back as they were described, and follow each other', async (name) => {
    const { segments } = await write(pathOfClip(name));
    for (const segment of segments) expect(await readSegment(segment.path)).toEqual({ ...segment, connection: null });
    expect(segments.slice(1).every(({ startMs }, index) => Math.abs(startMs - (segments[index]?.endMs ?? 0)) <= 1)).toBe(true);
    expect(segments.slice(0, -1).every(({ startMs, endMs }) => endMs - startMs >= (name === 'open.mp4' ? 9700 : 10_000) && endMs - startMs < 13_000)).toBe(true);
    expect(new Set(segments.map(({ headId }) => headId)).size).toBe(1);
  });

  it.each(CLIPS)('%s: each segment decodes by itself to the pictures of the source', async (name) => {
    const { segments } = await write(pathOfClip(name));
    expect(segments.flatMap(({ path }) => picturesOf(path))).toEqual(picturesOf(pathOfClip(name)));
    for (const { path } of segments) {
      const times = timesOf(path);
      expect(times[0]).toMatchObject({ pts: 0, dts: 0 });
      expect(times.every(({ dts, pts }, index) => dts <= pts && (index === 0 || dts > (times[index - 1]?.dts ?? 0)))).toBe(true);
    }
  });

  it('leaves the packets to the decoder', async () => {
    const source = await openFast(DEMO);
    const decoder = new VideoDecoder(source);
    const writer = new SegmentWriter({ source, folder, connection: 'c1', wallMs: () => START_MS, onSegment: () => undefined, onFailure: () => undefined, onResume: () => undefined });
    for (let packet = await source.next(); packet !== null; packet = await source.next()) {
      writer.append(packet);
      for (const frame of decoder.decode(packet)) frame.free();
      packet.free();
    }
    for (const frame of decoder.flush()) frame.free();
    expect(decoder.counts).toEqual({ pictures: 795, damaged: 0, keyWait: 0 });
    decoder.close();
    await writer.close();
    await source.close();
    await writer.close();
  });

  it('begins a new segment with a new head when the camera changes its pictures', async () => {
    const { segments, problems } = await write(join(folder, 'two-sizes.mpegts'));
    expect(problems).toEqual([]);
    expect([...new Set(segments.map(({ width, height }) => `${width}x${height}`))]).toEqual(['768x576', '384x288']);
    for (const segment of segments) expect(await readSegment(segment.path)).toEqual({ ...segment, connection: null });
    const { plan } = await film(segments, START_MS, START_MS + 60_000);
    const small = segments.find(({ width }) => width === 384) as SegmentDescription;
    expect(plan.nextMs).toBe(Math.ceil(small.startMs));
    const rest = await film(segments, plan.nextMs ?? 0, START_MS + 60_000);
    expect([rest.plan.nextMs, picturesOf(rest.path).length]).toEqual([null, 40]);
  });

  it.each([
    ['forward', 3_600_000_000],
    ['back', -8_000_000],
  ])('closes the segment when time jumps %s, and begins anew at the next key frame', async (_name, jumpUs) => {
    const shift = (packet: NativePacket, source: DemuxedSource) => {
      const copy = packet.native.clone();
      if (copy === null) throw new Error('no copy');
      return [new NativePacket(copy, packet.ptsUs + (packet.ptsUs >= 21_500_000 ? jumpUs : 0), 'h264', source.parameterSets)];
    };
    const { segments, writer, packets } = await write(DEMO, shift);
    // From 21.5 s to the key frame at 22 s nothing can be decoded alone.
    expect(writer.counts).toMatchObject({ packets: packets.length, writtenPackets: packets.length - 5, lostPackets: 5 });
    const after = segments.filter(({ startMs }) => startMs === START_MS + 22_000 + jumpUs / 1000);
    expect(after).toHaveLength(1);
    for (const { path } of segments) expect(picturesOf(path).every((hash) => /^[0-9a-f]{32}$/.test(hash))).toBe(true);
  });

  it('drops whole pieces up to a key frame, counted, while the disk does not keep up', async () => {
    const source = await openFast(DEMO);
    const packets: MediaPacket[] = [];
    for (let packet = await source.next(); packet !== null; packet = await source.next()) packets.push(packet);
    const segments: SegmentDescription[] = [];
    const writer = new SegmentWriter({ source, folder: mkdtempSync(join(folder, 'slow-')), connection: 'c1', wallMs: START_MS, onSegment: (segment) => segments.push(segment), onFailure: () => undefined, onResume: () => undefined });
    // The event loop is not left, so nothing reaches the disk: six rounds of 795 pictures are more than the queue takes.
    for (let round = 0; round < 6; round += 1) for (const packet of packets) writer.append(packet);
    expect(writer.counts.lostPackets).toBe(6 * 795 - 3000);
    await writer.close();
    expect(writer.counts).toMatchObject({ packets: 6 * 795, writtenPackets: 3000, lostPackets: 6 * 795 - 3000 });
    expect(segments.flatMap(({ path }) => picturesOf(path))).toHaveLength(3000);
    for (const packet of packets) packet.free();
    await source.close();
  });

  it('says that the folder is not there', async () => {
    const { problems, segments, writer, packets } = await write(DEMO, undefined, { folder: join(folder, 'nowhere') });
    expect(problems[0]).toMatch(/nowhere.*could not be opened: ENOENT/);
    expect([segments, writer.counts.lostPackets]).toEqual([[], packets.length]);
  });

  it('goes on at a later key frame when the disk is there again', async () => {
    const late = join(folder, 'late');
    const { problems, segments } = await write(DEMO, (packet) => {
      if (packet.ptsUs === 40_000_000) mkdirSync(late);
      return [packet];
    }, { folder: late });
    expect(problems.filter((problem) => problem === 'resumed')).toHaveLength(1);
    expect(problems.at(-1)).toBe('resumed');
    expect(segments.at(-1)?.endMs).toBeCloseTo(START_MS + 79_500, -2);
  });
});

describe('SegmentWriter at a camera', () => {
  it.each(['plain', 'flips'])('%s: keeps what came over RTSP as it came', async (path) => {
    const cameras = await startRtspCameras({ cameras: [{ path: 'plain' }, { path: 'flips', fault: 'bit-flips' }] });
    try {
      const { segments, packets, writer } = await write(cameras.url(path), undefined, {}, 70);
      const { writtenPackets, lostPackets } = writer.counts;
      expect([writtenPackets + lostPackets, segments.length > 0]).toEqual([70, true]);
      const found: string[] = [];
      for (const segment of segments) {
        expect(await readSegment(segment.path)).toEqual({ ...segment, connection: null });
        found.push(...(await packetsOf(segment.path)).map(({ hash }) => hash));
      }
      if (path === 'plain') {
        expect(found).toEqual(packets.map(({ hash }) => hash));
        expect(segments.flatMap((segment) => picturesOf(segment.path))).toHaveLength(70);
      }
    } finally {
      await cameras.kill();
    }
  });
});

describe('FootageRange', () => {
  it.each(['street.mp4', 'b-frames.mp4', 'hevc.mp4', 'b-frames.mpegts'])('%s: any range decodes from its first picture, the key frame at or before the start', async (name) => {
    const { segments } = await write(pathOfClip(name));
    const all = picturesOf(pathOfClip(name));
    const keys = segments.flatMap(({ startMs, fragments }) => fragments.map((fragment) => startMs + fragment.startMs));
    for (const [fromMs, toMs] of [[0, 5000], [3300, 11_900], [9990, 12_010], [2000, 2001], [0, 100_000]] as const) {
      const { plan, path, largest } = await film(segments, START_MS + fromMs, START_MS + toMs);
      expect(plan.startMs).toBe(keys.findLast((key) => key <= START_MS + fromMs));
      expect(plan.endMs).toBeGreaterThanOrEqual(Math.min(START_MS + toMs, segments.at(-1)?.endMs ?? 0));
      expect(plan.gaps).toEqual([]);
      expect(largest).toBeLessThanOrEqual(256 * 1024);
      const first = Math.round((plan.startMs - START_MS) / 100);
      const pictures = picturesOf(path);
      expect(pictures).toEqual(all.slice(first, first + pictures.length));
      expect(pictures).toHaveLength(Math.round(plan.durationMs / 100));
      const times = timesOf(path);
      expect(times[0]).toMatchObject({ pts: 0 });
      expect(times.every(({ dts, pts }, index) => dts <= pts && (index === 0 || dts > (times[index - 1]?.dts ?? 0)))).toBe(true);
      const shown = times.map(({ pts }) => pts).sort((one, other) => one - other);
      expect(Math.max(...shown.map((pts, index) => Math.abs(pts - index * 100_000)))).toBeLessThan(2000);
    }
  });

  it('leaves out what refers to pictures before an open group, and complains of nothing', async () => {
    const { segments } = await write(pathOfClip('open.mp4'));
    const all = picturesOf(pathOfClip('open.mp4'));
    const { plan, path } = await film(segments, START_MS + 9000, START_MS + 15_000);
    const pictures = picturesOf(path);
    expect(pictures.length).toBe(Math.round(plan.durationMs / 100) - 3);
    expect(all).toEqual(expect.arrayContaining(pictures));
  });

  it('reads only the head and one fragment for the first bytes', async () => {
    const { segments } = await write(DEMO);
    const plan = planFootage(segments, START_MS + 11_000, START_MS + 60_000);
    if (plan === null) throw new Error('nothing planned');
    for (const { segment } of plan.pieces.slice(1)) rmSync(segment.path);
    const parts = new FootageRange(plan)[Symbol.asyncIterator]();
    expect((await parts.next()).value?.toString('latin1', 4, 8)).toBe('ftyp');
    expect((await parts.next()).value?.toString('latin1', 4, 8)).toBe('moof');
    await expect(async () => { while ((await parts.next()).done !== true); }).rejects.toThrow('could not be opened: ENOENT');
  });

  it('closes up the gap that a deleted segment leaves, and lists it', async () => {
    const { segments } = await write(DEMO);
    const rest = segments.filter((_segment, index) => index !== 1);
    const { plan, path } = await film(rest, START_MS, START_MS + 30_000);
    expect(plan.gaps).toEqual([{ fromMs: segments[0]?.endMs, toMs: segments[2]?.startMs, atMs: plan.pieces[0]?.segment.endMs as number - START_MS }]);
    expect(timesOf(path).map(({ pts }) => pts)).toEqual(Array.from({ length: Math.round(plan.durationMs / 100) }, (_unused, index) => index * 100_000));
  });
});
