import { boxesAt, findBox, type Box } from './boxes.js';
import type { HeadTrack } from './footage-head.js';

/** What a fragment holds of one track. */
export interface TrackRun {
  readonly trackId: number;
  /** Decoding time of its first sample. */
  readonly startTicks: number;
  readonly ticks: number;
  readonly samples: number;
  /** Where its decoding time is written, and whether in eight bytes. */
  readonly timeAt: number;
  readonly isWide: boolean;
}

const BASE_OFFSET = 0x1;
const DESCRIPTION = 0x2;
const USUAL_DURATION = 0x8;
const DATA_OFFSET = 0x1;
const FIRST_FLAGS = 0x4;
const DURATION = 0x100;
/** Duration, size, flags, composition offset: four bytes each, for each sample. */
const SAMPLE_FIELDS = [DURATION, 0x200, 0x400, 0x800];

/** The tracks of a `moof`; null: it is none whose time can be changed (its places are counted from the file's beginning, or it is damaged). */
export function runsOf(moof: Buffer, tracks: ReadonlyMap<number, HeadTrack>): TrackRun[] | null {
  try {
    const runs = boxesAt(moof, 'moof/traf').map((traf) => runOf(moof, traf, tracks));
    return runs.length > 0 && runs.every((run) => run !== null) ? runs : null;
  } catch (error) {
    // Places in damaged boxes lead out of the buffer.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function runOf(moof: Buffer, traf: Box, tracks: ReadonlyMap<number, HeadTrack>): TrackRun | null {
  const [tfhd, tfdt] = [findBox(moof, 'tfhd', traf), findBox(moof, 'tfdt', traf)];
  const track = tfhd && tracks.get(moof.readUInt32BE(tfhd.body + 4));
  if (!tfhd || !tfdt || !track) return null;
  const flags = moof.readUInt32BE(tfhd.body) & 0xffffff;
  if (flags & BASE_OFFSET) return null;
  const usualTicks = flags & USUAL_DURATION ? moof.readUInt32BE(tfhd.body + 8 + (flags & DESCRIPTION ? 4 : 0)) : track.usualTicks;
  const isWide = moof[tfdt.body] === 1;
  const timeAt = tfdt.body + 4;
  const lengths = boxesAt(moof, 'trun', traf).map((trun) => lengthOf(moof, trun, usualTicks));
  return {
    trackId: track.id,
    startTicks: isWide ? Number(moof.readBigUInt64BE(timeAt)) : moof.readUInt32BE(timeAt),
    ticks: lengths.reduce((sum, { ticks }) => sum + ticks, 0),
    samples: lengths.reduce((sum, { samples }) => sum + samples, 0),
    timeAt,
    isWide,
  };
}

function lengthOf(moof: Buffer, trun: Box, usualTicks: number): { ticks: number; samples: number } {
  const flags = moof.readUInt32BE(trun.body) & 0xffffff;
  const samples = moof.readUInt32BE(trun.body + 4);
  if (!(flags & DURATION)) return { ticks: usualTicks * samples, samples };
  const first = trun.body + 8 + (flags & DATA_OFFSET ? 4 : 0) + (flags & FIRST_FLAGS ? 4 : 0);
  const step = 4 * SAMPLE_FIELDS.filter((field) => flags & field).length;
  let ticks = 0;
  for (let at = first; at < first + samples * step && at + 4 <= trun.end; at += step) ticks += moof.readUInt32BE(at);
  return { ticks, samples };
}
