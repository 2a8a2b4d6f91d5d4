import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, globSync, readdirSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { IndexLine } from '../src/extract/picture-folder.js';

/** The built command. */
export const EXTRACT = fileURLToPath(new URL('../dist/extract.js', import.meta.url));

export interface ExtractCrashes {
  kills: number;
  /** Kills after which what the index may not have flushed was cut off as well. */
  cuts: number;
  /** Extractions that were brought to their end, each compared with an undisturbed one. */
  runs: number;
  /** In an index before a kill, and not behind it. */
  lost: number;
  /** Written when it was killed, and in no index: done again. */
  redoneMs: number;
  redoneBytes: number;
  redonePictures: number;
  isEqual: boolean;
}

export interface ExtractCrashOptions {
  /** Holds a folder `in` with videos; outputs come beside it. */
  readonly folder: string;
  readonly points: number;
  readonly random: () => number;
}

const indexesIn = (out: string): string[] => globSync('*/*/index.jsonl', { cwd: out }).sort();

/** Every whole line of every index names a picture that is there, byte for byte; lines ascend. What is behind the last line end may be torn. Answers how many there are. */
export function checkIndexes(out: string): number {
  let lines = 0;
  for (const name of indexesIn(out)) {
    let before = -1;
    for (const { frameIndex, file, sha256 } of wholeLines(join(out, name))) {
      const found = createHash('sha256').update(readFileSync(join(out, dirname(name), file))).digest('hex');
      if (frameIndex <= before || found !== sha256) throw new Error(`${name}: expected picture ${frameIndex} behind ${before} with digest ${sha256}, found ${found}`);
      before = frameIndex;
      lines += 1;
    }
  }
  return lines;
}

function wholeLines(index: string): IndexLine[] {
  const text = readFileSync(index, 'utf8');
  return text.slice(0, text.lastIndexOf('\n') + 1).split('\n').filter(Boolean).map((line) => JSON.parse(line) as IndexLine);
}

/** Every picture of each video in `in`, by the command with all its processes, killed at random moments until there were so many. */
export async function crashExtract({ folder, points, random }: ExtractCrashOptions): Promise<ExtractCrashes> {
  const figures: ExtractCrashes = { kills: 0, cuts: 0, runs: 0, lost: 0, redoneMs: 0, redoneBytes: 0, redonePictures: 0, isEqual: true };
  const startedMs = performance.now();
  const calm = contentOf(await toItsEnd(folder, 'calm'));
  const spanMs = performance.now() - startedMs;
  while (figures.kills < points) {
    const out = `crash-${figures.runs}`;
    let known = 0;
    for (let goesOn = true; goesOn && figures.kills < points; ) {
      const running = start(folder, out);
      const ended = once(running, 'exit');
      const begunMs = Date.now();
      goesOn = !(await Promise.race([ended.then(() => true), sleep(100 + random() * spanMs).then(() => false)]));
      if (!goesOn) break;
      const killedMs = Date.now();
      // Now all its processes at once, now only the one that the others belong to.
      process.kill(random() < 0.5 ? -(running.pid as number) : (running.pid as number), 'SIGKILL');
      await ended;
      figures.kills += 1;
      if (!existsSync(join(folder, out))) continue;
      await measure(join(folder, out), begunMs, killedMs, figures);
      const lines = checkIndexes(join(folder, out));
      figures.lost += Math.max(0, known - lines);
      known = lines;
      if (random() < 0.5) {
        for (const name of indexesIn(join(folder, out))) cutPower(join(folder, out, name), random);
        figures.cuts += 1;
        known = checkIndexes(join(folder, out));
      }
    }
    figures.isEqual &&= JSON.stringify(contentOf(await toItsEnd(folder, out))) === JSON.stringify(calm);
    figures.runs += 1;
    rmSync(join(folder, out), { recursive: true });
  }
  return figures;
}

/** A process that lost its parent ends by itself behind the picture in hand: what is on the disk then counts. */
async function measure(out: string, begunMs: number, killedMs: number, figures: ExtractCrashes): Promise<void> {
  await sleep(200);
  for (const name of indexesIn(out)) {
    const place = join(out, dirname(name));
    if (existsSync(join(place, 'done.json'))) continue;
    const named = new Set(wholeLines(join(out, name)).map(({ file }) => file));
    const unnamed = readdirSync(place).filter((file) => file.endsWith('.jpg') && !named.has(file));
    figures.redonePictures = Math.max(figures.redonePictures, unnamed.length);
    figures.redoneBytes = Math.max(figures.redoneBytes, unnamed.reduce((sum, file) => sum + statSync(join(place, file)).size, 0));
    if (unnamed.length > 0) figures.redoneMs = Math.max(figures.redoneMs, killedMs - Math.max(begunMs, statSync(join(out, name)).mtimeMs));
  }
}

/** A disk that had not written yet what was not flushed: the index ends anywhere in its last line, and pictures that it does not name are cut or gone. */
function cutPower(index: string, random: () => number): void {
  const text = readFileSync(index);
  const last = text.lastIndexOf('\n', text.length - 2) + 1;
  truncateSync(index, last + Math.floor(random() * (text.length - last + 1)));
  const named = new Set(wholeLines(index).map(({ file }) => file));
  for (const file of readdirSync(dirname(index)).filter((name) => name.endsWith('.jpg') && !named.has(name))) {
    const path = join(dirname(index), file);
    if (random() < 0.5) rmSync(path);
    else truncateSync(path, Math.floor(random() * statSync(path).size));
  }
  // Written last, and not on the disk before the index is.
  if (named.size > 0) rmSync(join(dirname(index), 'done.json'), { force: true });
}

/** A run of its own group of processes. */
export const start = (folder: string, out: string): ChildProcess => spawn(process.execPath, [EXTRACT, 'in', '--every', '1', '--out', out], { cwd: folder, stdio: 'ignore', detached: true });

async function toItsEnd(folder: string, out: string): Promise<string> {
  const [code] = (await once(start(folder, out), 'exit')) as [number | null];
  if (code !== 0) throw new Error(`expected the extraction into ${out} to end well, got ${code}`);
  checkIndexes(join(folder, out));
  return join(folder, out);
}

/** All indexes, and the names of all pictures: none more. */
const contentOf = (out: string): unknown => indexesIn(out).map((name) => [name, readFileSync(join(out, name), 'utf8'), readdirSync(join(out, dirname(name))).filter((file) => file.endsWith('.jpg')).sort()]);
