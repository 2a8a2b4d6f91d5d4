import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { readSegment, repairSegment, type SegmentDescription } from '@argus/footage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openSource } from '../sources/open-source.js';
import { SegmentWriter } from './segment-writer.js';

// Real: a writing process that is killed, a disk (tmpfs) that is full, native reading, ffmpeg of the system.
const DEMO = fileURLToPath(new URL('../../../../demo/street.mp4', import.meta.url));
const BUILT = new URL('../../dist/index.js', import.meta.url).href;
const START_MS = 1_700_000_000_000;
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-footage-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const openDemo = (pace: string) => openSource(`${pathToFileURL(DEMO).href}?${pace}`, { fileRoots: [fileURLToPath(new URL('.', pathToFileURL(DEMO)))] });
const complaintsOf = (path: string): string => execFileSync('sh', ['-c', 'ffmpeg -v warning -i "$0" -f null - 2>&1', path], { encoding: 'utf8' });

/** Writes the clip with the pace of a camera and tells each packet's number. */
const WRITER = `
  import { openSource, SegmentWriter } from ${JSON.stringify(BUILT)};
  const [url, root, folder] = process.argv.slice(1);
  const source = await openSource(url, { fileRoots: [root] });
  const fail = (error) => { throw error; };
  const writer = new SegmentWriter({ source, folder, connection: 'c', wallMs: ${START_MS}, onSegment: () => undefined, onFailure: fail, onResume: fail });
  for (let packet = await source.next(), count = 0; packet !== null; packet = await source.next(), count += 1) {
    writer.append(packet);
    packet.free();
    process.stdout.write(String(count) + '\\n');
  }`;

describe.skipIf(!existsSync(fileURLToPath(BUILT)))('a writer that is killed', () => {
  it('loses at most the open group of pictures, and what is left is made whole', async () => {
    const into = mkdtempSync(join(folder, 'killed-'));
    const root = fileURLToPath(new URL('.', pathToFileURL(DEMO)));
    const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, `${pathToFileURL(DEMO).href}?pace=realtime`, root, into], { stdio: ['ignore', 'pipe', 'inherit'] });
    let told = -1;
    child.stdout.on('data', (chunk: Buffer) => (told = Number(chunk.toString().trim().split('\n').at(-1))));
    // Key frames are 20 pictures apart, so two groups are whole and the third is open.
    while (told < 45) await setTimeout(20);
    child.kill('SIGKILL');
    await once(child, 'close');
    const names = readdirSync(into);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^1700000000000-.*\.mp4\.part$/);
    const segment = await repairSegment(join(into, names[0] as string));
    expect(segment?.fragments.every(({ packets }) => packets === 20)).toBe(true);
    // A group that was whole less than two pictures ago may have been on its way.
    expect([Math.floor(told / 20), Math.floor((told - 2) / 20)]).toContain(segment?.fragments.length);
    expect(readdirSync(into)).toEqual([(names[0] as string).replace('.part', '')]);
    expect(complaintsOf(segment?.path ?? '')).toBe('');
    expect(await readSegment(segment?.path ?? '')).toEqual(segment);
  });
});

/** As fast as the clip can be read; a callback a line. The signal would end the process, as it would for any that writes too large a file. */
const LIMITED = `
  import { openSource, SegmentWriter } from ${JSON.stringify(BUILT)};
  process.on('SIGXFSZ', () => undefined);
  const [url, root, folder] = process.argv.slice(1);
  const source = await openSource(url, { fileRoots: [root] });
  const tell = (word) => process.stdout.write(word + '\\n');
  const writer = new SegmentWriter({ source, folder, connection: 'c', wallMs: ${START_MS}, onSegment: ({ path }) => tell(path), onFailure: ({ context }) => tell(context.reason), onResume: () => tell('resumed') });
  for (let packet = await source.next(); packet !== null; packet = await source.next()) {
    writer.append(packet);
    packet.free();
  }
  await writer.close();
  tell(JSON.stringify(writer.counts));`;

describe.skipIf(!existsSync(fileURLToPath(BUILT)))('a file that may not grow further', () => {
  it('ends the segment behind its last whole fragment, and another begins later', async () => {
    const into = mkdtempSync(join(folder, 'limited-'));
    const root = fileURLToPath(new URL('.', pathToFileURL(DEMO)));
    // 600 blocks of 512 bytes: three groups of the clip, where a segment has five.
    const said = execFileSync('sh', ['-c', 'ulimit -f 600; exec "$0" "$@"', process.execPath, '--input-type=module', '-e', LIMITED, `${pathToFileURL(DEMO).href}?pace=fast`, root, into], { encoding: 'utf8' }).trim().split('\n');
    const counts = JSON.parse(said.at(-1) ?? '') as { writtenPackets: number; lostPackets: number };
    const paths = said.filter((word) => word.startsWith(into));
    expect(said).toEqual(expect.arrayContaining(['EFBIG', 'resumed']));
    expect(readdirSync(into).sort()).toEqual(paths.map((path) => path.slice(into.length + 1)).sort());
    let packets = 0;
    for (const path of paths) {
      expect(statSync(path).size).toBeLessThanOrEqual(600 * 512);
      expect(complaintsOf(path)).toBe('');
      packets += (await readSegment(path)).fragments.reduce((sum, fragment) => sum + fragment.packets, 0);
    }
    expect([packets, counts.writtenPackets + counts.lostPackets]).toEqual([counts.writtenPackets, 795]);
    expect(counts.lostPackets).toBeGreaterThan(0);
  });
});

describe('repairSegment', () => {
  it('cuts behind the last whole fragment, wherever the file was cut off, and deletes what holds none', async () => {
    const [segment] = await writeDemo(folder);
    const whole = readFileSync(segment?.path ?? '');
    const part = join(folder, '5-cut.mp4.part');
    const ends = segment?.fragments.map(({ offset, bytes }) => offset + bytes) ?? [];
    for (const cut of [0, 5, 400, segment?.headBytes ?? 0, (ends[0] ?? 0) - 1, ends[0] ?? 0, (ends[0] ?? 0) + 3, (ends[1] ?? 0) + 100, whole.length - 1, whole.length]) {
      writeFileSync(part, whole);
      truncateSync(part, cut);
      const wanted = ends.filter((end) => end <= cut);
      const repaired = await repairSegment(part);
      expect(repaired?.fragments ?? []).toEqual(segment?.fragments.slice(0, wanted.length));
      expect(existsSync(part)).toBe(false);
      if (repaired === null) continue;
      expect(repaired).toMatchObject({ id: 'cut', startMs: 5, bytes: wanted.at(-1), codecString: segment?.codecString });
      expect(statSync(repaired.path).size).toBe(wanted.at(-1));
      expect(complaintsOf(repaired.path)).toBe('');
    }
  });

  it('keeps its hands off files that are no open segments', async () => {
    const [segment] = await writeDemo(folder);
    await expect(repairSegment(segment?.path ?? '')).rejects.toThrow('ends in .part');
    await expect(repairSegment(join(folder, 'notes.txt'))).rejects.toThrow('expected a segment named');
    await expect(repairSegment(join(folder, '7-none.mp4.part'))).rejects.toThrow('could not be opened: ENOENT');
  });

  it('names file, byte and box of what readSegment refuses', async () => {
    const [segment] = await writeDemo(folder);
    const { path, bytes } = segment as SegmentDescription;
    truncateSync(path, bytes - 10);
    await expect(readSegment(path)).rejects.toThrow(/^footage ".*\.mp4": box mdat at byte \d+: expected \d+ bytes, the file ends after \d+ of them$/);
    writeFileSync(path, 'this is no video at all');
    await expect(readSegment(path)).rejects.toThrow('box  is  at byte 0: expected ftyp here');
  });
});

const tmpfs = mountTmpfs();
afterAll(() => {
  if (tmpfs !== null) execFileSync('umount', [tmpfs]);
});

describe.skipIf(tmpfs === null)('a disk that is full', () => {
  it('is told, keeps what was whole, harms no other writer, and is written to again when there is room', async () => {
    const disk = tmpfs as string;
    const ballast = join(disk, 'ballast');
    const source = await openDemo('pace=fast');
    const told: string[] = [];
    const [full, other]: [SegmentDescription[], SegmentDescription[]] = [[], []];
    const elsewhere = mkdtempSync(join(folder, 'elsewhere-'));
    const common = { source, connection: 'c', wallMs: START_MS };
    const writer = new SegmentWriter({ ...common, folder: disk, onSegment: (segment) => full.push(segment), onFailure: ({ context }) => told.push(String(context['reason'])), onResume: () => told.push('resumed') });
    const healthy = new SegmentWriter({ ...common, folder: elsewhere, onSegment: (segment) => other.push(segment), onFailure: ({ message }) => told.push(message), onResume: () => undefined });
    let [count, lostWhenFreed] = [0, 0];
    for (let packet = await source.next(); packet !== null; packet = await source.next()) {
      writer.append(packet);
      healthy.append(packet);
      count += 1;
      // As slowly as a disk needs: all groups so far are written or refused.
      if (packet.key) while (writer.counts.writtenPackets + writer.counts.lostPackets < count - 1) await setTimeout(1);
      if (packet.ptsUs === 50_000_000) {
        lostWhenFreed = writer.counts.lostPackets;
        rmSync(ballast);
        for (const segment of full) expect(complaintsOf(segment.path)).toBe('');
        for (const segment of full) expect(await readSegment(segment.path)).toEqual({ ...segment, connection: null });
      }
      packet.free();
    }
    await Promise.all([writer.close(), healthy.close()]);
    await source.close();
    expect(lostWhenFreed).toBeGreaterThan(0);
    expect(new Set(told)).toEqual(new Set(['ENOSPC', 'resumed']));
    expect(told.filter((word) => word === 'resumed')).toHaveLength(1);
    expect(told.at(-1)).toBe('resumed');
    expect(writer.counts.writtenPackets + writer.counts.lostPackets).toBe(795);
    expect(full.flatMap(({ fragments }) => fragments).reduce((sum, { packets }) => sum + packets, 0)).toBe(writer.counts.writtenPackets);
    expect(readdirSync(disk).filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(healthy.counts).toMatchObject({ packets: 795, writtenPackets: 795, lostPackets: 0 });
    expect(other.flatMap(({ fragments }) => fragments).reduce((sum, { packets }) => sum + packets, 0)).toBe(795);
  });

  /** As much as the clip's first half and a bit of room: 8 MB, most of it taken by ballast. */
  beforeAll(() => writeFileSync(join(tmpfs as string, 'ballast'), Buffer.alloc(8 * 1024 * 1024 - 700_000)));
});

async function writeDemo(parent: string): Promise<SegmentDescription[]> {
  const source = await openDemo('pace=fast');
  const segments: SegmentDescription[] = [];
  const fail = (error: Error | undefined = new Error('resumed')) => { throw error; };
  const writer = new SegmentWriter({ source, folder: mkdtempSync(join(parent, 'demo-')), connection: 'c', wallMs: START_MS, onSegment: (segment) => segments.push(segment), onFailure: fail, onResume: fail });
  for (let packet = await source.next(); packet !== null; packet = await source.next()) {
    writer.append(packet);
    packet.free();
  }
  await writer.close();
  await source.close();
  return segments;
}

/** A small disk; null where nobody may mount one. */
function mountTmpfs(): string | null {
  const at = mkdtempSync(join(tmpdir(), 'argus-small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'none', at], { stdio: 'ignore' });
    return at;
  } catch {
    console.warn('skipped: a tmpfs cannot be mounted here');
    return null;
  }
}
