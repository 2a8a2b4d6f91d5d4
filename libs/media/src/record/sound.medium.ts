import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Box, FootageRange, planFootage, readSegment, readSegmentHead, repairSegment, type FootagePlan, type SegmentDescription } from '@argus/footage';
import { makeClip, makeSound, readFlashes, startRtspCameras, whyNoClips, type SoundFault } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { copyFilm, cutFilm } from '../render/cut-film.js';
import { renderFilm, type FilmWish } from '../render/render-film.js';
import { openSource } from '../sources/open-source.js';
import { SegmentWriter } from './segment-writer.js';

// Real: RTSP cameras in another process, whose picture flashes when a tone is heard, the disk, and ffmpeg of the system that looks and listens.
const START_MS = 1_700_000_000_000;
const SECONDS = 20;
/** Of picture and sound, to a person's eyes and ears. */
const IN_STEP = 0.04;
let folder: string;
/** 26 s with AAC, and as much without sound. */
let recorded: SegmentDescription[];
let silent: SegmentDescription[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus sound 声-'));
  const pictures = `color=black:s=320x240:r=25,drawbox=t=fill:color=white:enable='lt(mod(t,2),0.2)'`;
  const tone = `aevalsrc='if(lt(mod(t,2),0.2),0.5*sin(2*PI*1000*t),0)':s=16000`;
  const encode = ['-t', '26', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-g', '25', '-sc_threshold', '0', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', pictures, '-f', 'lavfi', '-i', tone, ...encode, join(folder, 'clip.mp4')]);
  execFileSync('ffmpeg', ['-v', 'error', '-i', join(folder, 'clip.mp4'), '-c', 'copy', '-an', join(folder, 'silent.mp4')]);
  recorded = await record(fileUrl('clip.mp4'));
  silent = await record(fileUrl('silent.mp4'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileUrl = (name: string): string => `${pathToFileURL(join(folder, name)).href}?pace=fast`;

/** Records for so long, or to the end of a clip. */
async function record(url: string, { seconds = Infinity, sound = true }: { readonly seconds?: number; readonly sound?: boolean } = {}): Promise<SegmentDescription[]> {
  const source = await openSource(url, { fileRoots: [folder], sound });
  const segments: SegmentDescription[] = [];
  const problems: unknown[] = [];
  const writer = new SegmentWriter({ source, sound, folder: mkdtempSync(join(folder, 'out-')), connection: 'c1', wallMs: START_MS, onSegment: (segment) => segments.push(segment), onFailure: (error) => problems.push(error), onResume: () => undefined, onDeaf: (error) => problems.push(error) });
  let packets = 0;
  for (let packet = await source.next(); packet !== null && packet.ptsUs < seconds * 1e6; packet = await source.next()) {
    writer.append(packet);
    packet.free();
    packets += 1;
  }
  await writer.close();
  await source.close();
  expect(problems).toEqual([]);
  expect(writer.counts).toMatchObject({ packets, writtenPackets: packets, lostPackets: 0 });
  return segments;
}

async function filmOf(plan: FootagePlan, name: string): Promise<string> {
  const parts: Buffer[] = [];
  for await (const bytes of new FootageRange(plan)) parts.push(bytes);
  expect(Buffer.concat(parts).length).toBe(plan.bytes);
  writeFileSync(join(folder, name), Buffer.concat(parts));
  return join(folder, name);
}

const wishFor = (fromS: number, toS: number, name: string, of = recorded): FilmWish => ({
  plan: planFootage(of, START_MS + fromS * 1000, START_MS + toS * 1000) as FootagePlan,
  fromMs: START_MS + fromS * 1000,
  toMs: START_MS + toS * 1000,
  path: join(folder, name),
  signal: new AbortController().signal,
  onProgress: () => undefined,
});

/** Each flash but the first, which may be cut off, has its tone. A camera that is dialled at any moment shows so many flashes, or one more. */
function expectInStep(path: string, flashesWanted: number, isLive = false): void {
  const { flashes, tones } = readFlashes(path);
  expect(isLive ? [flashesWanted, flashesWanted + 1] : [flashesWanted]).toContain(flashes.length);
  for (const flash of flashes.filter((at) => at > 0.5)) expect([flash, Math.min(...tones.map((tone) => Math.abs(tone - flash)))]).toEqual([flash, expect.closeTo(0, 1)]);
  const apart = flashes.filter((at) => at > 0.5).map((flash) => Math.min(...tones.map((tone) => Math.abs(tone - flash))));
  expect(Math.max(...apart)).toBeLessThanOrEqual(IN_STEP);
}

const streamsOf = (path: string): string[] => execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', path], { encoding: 'utf8' }).trim().split('\n');
const complaintsOf = (path: string): string => execFileSync('sh', ['-c', 'ffmpeg -v warning -xerror -i "$0" -f null - 2>&1', path], { encoding: 'utf8' });

describe.skipIf(whyNoClips() !== null)('the sound of a camera', () => {
  const camera = async (codec: 'aac' | 'alaw' | 'mulaw', soundFault: SoundFault = 'none', senderReports = false) => {
    const clip = makeClip({ width: 320, height: 240, fps: 25, seconds: SECONDS, keySeconds: 1, flashes: true });
    return startRtspCameras({ cameras: [{ path: 'a', soundFault, senderReports }], clip, sound: makeSound(codec, SECONDS) });
  };

  it.each([['aac', false], ['alaw', true], ['mulaw', false]] as const)('%s lies beside its picture as AAC, in files that follow each other (reports of the sender: %s)', async (codec, senderReports) => {
    const server = await camera(codec, 'none', senderReports);
    const segments = await record(server.url('a'), { seconds: 12 });
    await server.kill();
    expect(segments.map(({ hasAudio, codecString, headId }) => [hasAudio, codecString.split(',')[1], headId])).toEqual(segments.map(() => [true, 'mp4a.40.2', segments[0]?.headId]));
    expect(segments.length).toBe(2);
    for (const segment of segments) expect(await readSegment(segment.path)).toEqual({ ...segment, connection: null });
    const path = await filmOf(planFootage(segments, START_MS, START_MS + 60_000) as FootagePlan, `${codec}.mp4`);
    expect(streamsOf(path)).toEqual(['h264', 'aac']);
    expect(complaintsOf(path)).toBe('');
    expectInStep(path, 6, true);
  });

  it.each(['garbage', 'late', 'refused', 'silent'] as const)('that is %s hurts no picture', async (fault) => {
    const server = await camera('aac', fault);
    const segments = await record(server.url('a'), { seconds: 5 });
    await server.kill();
    const path = await filmOf(planFootage(segments, START_MS, START_MS + 60_000) as FootagePlan, `${fault}.mp4`);
    expect(streamsOf(path)).toEqual(fault === 'refused' ? ['h264'] : ['h264', 'aac']);
    const times = execFileSync('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', path], { encoding: 'utf8' }).trim().split('\n').map(Number);
    expect(times.length).toBe(segments.flatMap(({ fragments }) => fragments).reduce((sum, { packets }) => sum + packets, 0));
    expect(times.slice(1).every((time, index) => time > (times[index] as number) && time - (times[index] as number) < 0.1)).toBe(true);
    if (fault === 'late') expectInStep(path, 2, true);
    // One track from the first picture to the last, even if nothing is heard in it.
    if (fault === 'silent') expect(readFlashes(path).tones).toEqual([]);
  });

  it('is not asked for where nobody records it', async () => {
    const server = await camera('aac');
    const [segment] = await record(server.url('a'), { seconds: 2, sound: false });
    await server.kill();
    expect(segment).toMatchObject({ hasAudio: false });
  });
});

describe('recorded sound', () => {
  it('keeps in step over a closed-up gap', async () => {
    const [first, , third] = recorded as [SegmentDescription, SegmentDescription, SegmentDescription];
    const plan = planFootage([first, third], START_MS + 3000, START_MS + 26_000) as FootagePlan;
    // 7 s, a moment for the last sound to end, 6 s.
    expect(plan.gaps).toEqual([{ fromMs: START_MS + 10_000, toMs: START_MS + 20_000, atMs: 7150 }]);
    expect(plan.durationMs).toBe(13_150);
    const path = await filmOf(plan, 'gap.mp4');
    expect(complaintsOf(path)).toBe('');
    expectInStep(path, 6);
  });

  it('ends a film where footage has none, and begins the next one', () => {
    const quiet = (silent[1] as SegmentDescription);
    const row = [recorded[0], quiet, recorded[2]] as SegmentDescription[];
    const first = planFootage(row, START_MS, START_MS + 26_000);
    expect([first?.endMs, first?.nextMs]).toEqual([START_MS + 10_000, START_MS + 10_000]);
    expect(planFootage(row, first?.nextMs ?? 0, START_MS + 26_000)?.nextMs).toBe(START_MS + 20_000);
  });

  it('is in a film that is cut exactly, and in one that is encoded anew', async () => {
    const [exact, anew] = [wishFor(1.5, 24.3, 'exact.mp4'), wishFor(1.5, 24.3, 'anew.mp4')];
    await cutFilm(exact);
    await renderFilm(anew, () => null);
    for (const { path } of [exact, anew]) {
      expect(streamsOf(path)).toEqual(['h264', 'aac']);
      expect(complaintsOf(path)).toBe('');
      expectInStep(path, 12);
    }
  });

  it('is in one that is encoded anew over a gap', async () => {
    const wish = wishFor(3.5, 25.5, 'anew-gap.mp4', [recorded[0], recorded[2]] as SegmentDescription[]);
    await renderFilm(wish, () => null);
    expect(complaintsOf(wish.path)).toBe('');
    expectInStep(wish.path, 6);
  });

  it('is left out, to the last byte, where it is not to be handed out', async () => {
    const [copied, exact, anew] = [wishFor(0, 26, 'mute.mp4'), wishFor(1.5, 24.3, 'mute-exact.mp4'), wishFor(1.5, 24.3, 'mute-anew.mp4')];
    await copyFilm({ ...copied, sound: false });
    await cutFilm({ ...exact, sound: false });
    await renderFilm({ ...anew, sound: false }, () => null);
    for (const { path } of [copied, exact, anew]) {
      expect([streamsOf(path), complaintsOf(path)]).toEqual([['h264'], '']);
      const bytes = readFileSync(path);
      const boxes = Box.around(bytes).children();
      expect(boxes.filter(({ type }) => type === 'moof').every((moof) => moof.all('traf').length === 1)).toBe(true);
    }
    const plain = await filmOf(planFootage(silent, START_MS, START_MS + 26_000) as FootagePlan, 'silent-film.mp4');
    // The same film as of a camera without a microphone: every byte of its pictures, and none besides.
    const media = (path: string) => Box.around(readFileSync(path)).children().filter(({ type }) => type === 'mdat').map(({ body }) => body);
    expect(Buffer.concat(media(copied.path)).equals(Buffer.concat(media(plain)))).toBe(true);
  });

  it('is in what is repaired after a crash', async () => {
    const [segment] = recorded as [SegmentDescription];
    const open = join(mkdtempSync(join(folder, 'crash-')), `${START_MS}-x.mp4.part`);
    writeFileSync(open, readFileSync(segment.path).subarray(0, segment.bytes - 100));
    const repaired = await repairSegment(open);
    expect(repaired).toMatchObject({ hasAudio: true, codecString: segment.codecString, headId: segment.headId, fragments: segment.fragments.slice(0, -1) });
  });

  it('has a head that readers understand', async () => {
    const [segment] = recorded as [SegmentDescription];
    const bytes = readFileSync(segment.path);
    const head = await readSegmentHead({ size: bytes.length, read: async (at, length) => bytes.subarray(at, at + length) });
    expect(head).toMatchObject({ soundTrack: 2, hasAudio: true, codecString: expect.stringMatching(/^avc1\.[0-9a-f]{6},mp4a\.40\.2$/) });
    expect(head.tracks.get(2)?.timescale).toBe(16_000);
  });
});
