import { open, type FileHandle } from 'node:fs/promises';
import type { Fragment } from '@argus/contracts';

export interface FragmentIndex {
  readonly fragments: Fragment[];
  /** Bytes from the beginning that are whole. */
  readonly end: number;
  readonly durationMs: number;
}

const BOX_HEAD = 8;
/** Heads are some hundred bytes, moofs some tens a packet: more is no head of ours. */
const MOST_HEAD_BYTES = 1_000_000;

/** The whole fragments of a fragmented MP4 with one track, read from the heads of its boxes. What a kill cut off is not counted. */
export async function indexFragments(path: string): Promise<FragmentIndex> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    return await readBoxes(file, size);
  } finally {
    await file.close();
  }
}

async function readBoxes(file: FileHandle, size: number): Promise<FragmentIndex> {
  const fragments: Fragment[] = [];
  let [at, end, timescale, ticks, firstTicks] = [0, 0, 0, 0, null as number | null];
  while (at + BOX_HEAD <= size) {
    const head = await readAt(file, at, BOX_HEAD);
    const [bytes, type] = [head.readUInt32BE(0), head.toString('latin1', 4)];
    if (bytes < BOX_HEAD || at + bytes > size || (type !== 'mdat' && bytes > MOST_HEAD_BYTES)) break;
    if (type === 'moov') timescale = timescaleOf(await readAt(file, at, bytes));
    if (type === 'moof') {
      const dataBytes = at + bytes + BOX_HEAD <= size ? (await readAt(file, at + bytes, BOX_HEAD)).readUInt32BE(0) : Infinity;
      if (timescale === 0 || at + bytes + dataBytes > size) break;
      const run = readRun(await readAt(file, at, bytes));
      firstTicks ??= run.startTicks;
      const ms = (value: number): number => (value * 1000) / timescale;
      fragments.push({ offset: at, bytes: bytes + dataBytes, startMs: ms(run.startTicks - firstTicks), durationMs: ms(run.ticks), packets: run.packets });
      ticks = run.startTicks - firstTicks + run.ticks;
      at += dataBytes;
    }
    at += bytes;
    end = at;
  }
  return { fragments, end, durationMs: timescale === 0 ? 0 : (ticks * 1000) / timescale };
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  return (await file.read(Buffer.alloc(length), 0, length, position)).buffer;
}

function timescaleOf(moov: Buffer): number {
  const at = moov.indexOf('mdhd') + 4;
  return moov.readUInt32BE(at + (moov[at] === 1 ? 20 : 12));
}

/** First decoding time, length and number of samples of a moof with one track run. */
function readRun(moof: Buffer): { startTicks: number; ticks: number; packets: number } {
  const tfdt = moof.indexOf('tfdt') + 4;
  const startTicks = moof[tfdt] === 1 ? Number(moof.readBigUInt64BE(tfdt + 4)) : moof.readUInt32BE(tfdt + 4);
  const tfhd = moof.indexOf('tfhd') + 4;
  const defaults = moof.readUInt32BE(tfhd) & 0xffffff;
  const usualTicks = defaults & 0x8 ? moof.readUInt32BE(tfhd + 8 + (defaults & 0x1 ? 8 : 0) + (defaults & 0x2 ? 4 : 0)) : 0;
  const trun = moof.indexOf('trun') + 4;
  const flags = moof.readUInt32BE(trun) & 0xffffff;
  const packets = moof.readUInt32BE(trun + 4);
  if (!(flags & 0x100)) return { startTicks, ticks: usualTicks * packets, packets };
  const first = trun + 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
  const step = 4 * [0x100, 0x200, 0x400, 0x800].filter((flag) => flags & flag).length;
  let ticks = 0;
  for (let index = 0; index < packets; index += 1) ticks += moof.readUInt32BE(first + index * step);
  return { startTicks, ticks, packets };
}
