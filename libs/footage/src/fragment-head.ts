import { badBox, Box, BOX_HEADER, readBoxHeader } from './box.js';
import { FootageFileError } from './footage-file-error.js';
import type { HeadTrack, SegmentHead } from './segment-head.js';

/** ISO/IEC 14496-12, tfhd: places are counted from elsewhere; fields that it has; places are counted from the moof. */
const BASE_OFFSET = 0x000001;
const DESCRIPTION = 0x000002;
const USUAL_DURATION = 0x000008;
const USUAL_BYTES = 0x000010;
const USUAL_FLAGS = 0x000020;
const BASE_IS_MOOF = 0x020000;
/** trun: where its samples are, flags of the first, and what it says of each. */
const DATA_OFFSET = 0x001;
const FIRST_FLAGS = 0x004;
const DURATION = 0x100;
const BYTES = 0x200;
const FLAGS = 0x400;
const COMPOSITION = 0x800;
/** Of a sample: it is no key frame. */
const NOT_KEY = 0x00010000;
const LARGEST_SHORT_TIME = 0xffff_ffff;
/** The longest piece of sound that begins with the last picture (1024 samples at 8 kHz take 128 ms) may go on behind it: what follows has its own begin there. */
export const SOUND_OVERHANG_MS = 150;

/** What a fragment says of itself. */
export interface FragmentHead {
  /** Of the first picture, since the segment's start. */
  readonly startMs: number;
  /** From there to where the pictures have ended, and other tracks but for what is left of their last sample: what follows may begin then. */
  readonly durationMs: number;
  /** Pictures. */
  readonly packets: number;
  /** Bytes in the mdat that follows. */
  readonly dataBytes: number;
}

interface TrackRun {
  readonly number: number;
  readonly startMs: number;
  readonly durationMs: number;
  readonly samples: number;
  readonly bytes: number;
  /** Where its last sample ends, from the moof. */
  readonly dataEnd: number;
}

/** The moof that a fragment begins with; `part`: its first bytes, from `offset` of the file on. Throws FootageFileError. */
export function readMoof(part: Buffer, offset: number): Box {
  const { size, type } = part.length < BOX_HEADER ? { size: 0, type: '' } : readBoxHeader(part, 0, offset);
  if (type !== 'moof' || size > part.length) throw new FootageFileError(`expected a fragment at byte ${offset}, got something else`, { offset });
  return Box.around(part.subarray(0, size), offset).only('moof');
}

/** Reads a moof behind this head. Throws FootageFileError. */
export function readFragmentHead(moof: Box, head: SegmentHead): FragmentHead {
  moof.only('mfhd').u32(4);
  const runs = moof.all('traf').map((traf) => readRun(traf, moof, head));
  const video = runs.find(({ number }) => number === head.videoTrack);
  if (video === undefined || new Set(runs.map(({ number }) => number)).size < runs.length) throw badBox('moof', moof.at, `expected one traf a track, and one of track ${head.videoTrack}`);
  const dataBytes = runs.reduce((sum, { bytes }) => sum + bytes, 0);
  const dataEnd = runs.reduce((latest, run) => Math.max(latest, run.dataEnd), 0);
  const wantedEnd = moof.body.length + BOX_HEADER * 2 + dataBytes;
  if (dataEnd !== wantedEnd) throw badBox('moof', moof.at, `expected its samples to end ${wantedEnd} bytes after it, got ${dataEnd}`);
  const durationMs = runs.reduce((most, run) => Math.max(most, run === video ? run.durationMs : run.startMs + run.durationMs - video.startMs - SOUND_OVERHANG_MS), 0);
  return { startMs: video.startMs, durationMs, packets: video.samples, dataBytes };
}

/** Gives a fragment in memory another place, and moves all of its tracks so that the picture's begins at `timeUs`. Throws FootageFileError. */
export function moveFragment(moof: Box, head: SegmentHead, sequence: number, timeUs: number): void {
  const mfhd = moof.only('mfhd');
  mfhd.u32(4);
  mfhd.body.writeUInt32BE(sequence, 4);
  const trafs = moof.all('traf').map((traf) => ({ tfdt: traf.only('tfdt'), ...trackOf(traf, head) }));
  const video = trafs.find(({ number }) => number === head.videoTrack);
  if (video === undefined) throw badBox('moof', moof.at, `expected a traf of track ${head.videoTrack}`);
  const byUs = Math.round(timeUs - (timeOf(video.tfdt) * 1e6) / video.track.timescale);
  for (const { tfdt, track } of trafs) {
    // What began a moment before the picture in the first fragment of all begins with it.
    const moved = Math.max(0, timeOf(tfdt) + Math.round((byUs * track.timescale) / 1e6));
    if (isLong(tfdt)) tfdt.body.writeBigUInt64BE(BigInt(moved), 4);
    else if (moved <= LARGEST_SHORT_TIME) tfdt.body.writeUInt32BE(moved, 4);
    else throw badBox('tfdt', tfdt.at, `expected room for a time of 8 bytes, to write ${moved}`);
  }
}

/** Lets the last sample of each track last until `timeUs`, so that what follows there leaves no hole; tracks that last longer, or do not say of each sample how long, stay. Throws FootageFileError. */
export function stretchFragment(moof: Box, head: SegmentHead, timeUs: number): void {
  for (const traf of moof.all('traf')) {
    const { number, track } = trackOf(traf, head);
    const last = samplesOf(moof, head, number).at(-1);
    const trun = traf.all('trun').at(-1);
    if (last === undefined || trun === undefined || ((trun.u32(0) & DURATION) === 0)) continue;
    const flags = trun.u32(0) & 0xffffff;
    const duration = Math.round((timeUs * track.timescale) / 1e6) - last.at;
    const at = 12 + ((flags & FIRST_FLAGS) === 0 ? 0 : 4) + (trun.u32(4) - 1) * strideOf(flags);
    if (duration > last.duration && duration <= LARGEST_SHORT_TIME) trun.body.writeUInt32BE(duration, at);
  }
}

const isLong = (tfdt: Box): boolean => tfdt.u32(0) >>> 24 === 1;
const timeOf = (tfdt: Box): number => (isLong(tfdt) ? tfdt.u64(4) : tfdt.u32(4));

function trackOf(traf: Box, head: SegmentHead): { readonly number: number; readonly track: HeadTrack } {
  const tfhd = traf.only('tfhd');
  const number = tfhd.u32(4);
  const track = head.tracks.get(number);
  if (track === undefined) throw badBox('tfhd', tfhd.at, `expected one of the head's tracks (${[...head.tracks.keys()].join(', ')}), got ${number}`);
  return { number, track };
}

function readRun(traf: Box, moof: Box, head: SegmentHead): TrackRun {
  const { number, track } = trackOf(traf, head);
  const usual = usualOf(traf.only('tfhd'), track);
  const tfdt = traf.only('tfdt');
  const truns = traf.all('trun').map((trun) => readTrun(trun, moof, usual));
  const ms = (steps: number): number => (steps * 1000) / track.timescale;
  const total = (of: (trun: Trun) => number): number => truns.reduce((sum, trun) => sum + of(trun), 0);
  if (number === head.videoTrack && truns[0]?.key !== true) throw badBox('traf', traf.at, 'expected a key frame first');
  const dataEnd = truns.reduce((latest, trun) => Math.max(latest, trun.dataAt + trun.bytes), 0);
  return { number, startMs: ms(timeOf(tfdt)), durationMs: ms(total(({ duration }) => duration)), samples: total(({ samples }) => samples), bytes: total(({ bytes }) => bytes), dataEnd };
}

function usualOf(tfhd: Box, { usual }: HeadTrack): HeadTrack['usual'] {
  const flags = tfhd.u32(0) & 0xffffff;
  if ((flags & BASE_OFFSET) !== 0 || (flags & BASE_IS_MOOF) === 0) throw badBox('tfhd', tfhd.at, `expected places counted from the moof, got flags ${flags}`);
  let at = 8 + ((flags & DESCRIPTION) === 0 ? 0 : 4);
  const next = (flag: number, otherwise: number): number => ((flags & flag) === 0 ? otherwise : tfhd.u32((at += 4) - 4));
  return { duration: next(USUAL_DURATION, usual.duration), bytes: next(USUAL_BYTES, usual.bytes), flags: next(USUAL_FLAGS, usual.flags) };
}

/** A sample of a fragment: when it is due, in steps of its track since the segment's start, and where it lies, counted from the moof. */
export interface FragmentSample {
  readonly at: number;
  readonly duration: number;
  readonly place: number;
  readonly bytes: number;
}

/** All samples of a track in a fragment; none: the track is not in it. Throws FootageFileError. */
export function samplesOf(moof: Box, head: SegmentHead, number: number): FragmentSample[] {
  const traf = moof.all('traf').find((box) => box.only('tfhd').u32(4) === number);
  if (traf === undefined) return [];
  const { track } = trackOf(traf, head);
  const usual = usualOf(traf.only('tfhd'), track);
  const samples: FragmentSample[] = [];
  let at = timeOf(traf.only('tfdt'));
  for (const trun of traf.all('trun')) {
    const flags = trun.u32(0) & 0xffffff;
    const { samples: count, dataAt } = readTrun(trun, moof, usual);
    const stride = strideOf(flags);
    let place = dataAt;
    for (let index = 0; index < count; index += 1) {
      const start = 12 + ((flags & FIRST_FLAGS) === 0 ? 0 : 4) + index * stride;
      const duration = (flags & DURATION) === 0 ? usual.duration : trun.u32(start);
      const bytes = (flags & BYTES) === 0 ? usual.bytes : trun.u32(start + ((flags & DURATION) === 0 ? 0 : 4));
      samples.push({ at, duration, place, bytes });
      at += duration;
      place += bytes;
    }
  }
  return samples;
}

const strideOf = (flags: number): number => 4 * [DURATION, BYTES, FLAGS, COMPOSITION].filter((field) => (flags & field) !== 0).length;

interface Trun {
  readonly samples: number;
  readonly duration: number;
  readonly bytes: number;
  /** Where its samples begin, from the moof. */
  readonly dataAt: number;
  /** The first is a key frame. */
  readonly key: boolean;
}

function readTrun(trun: Box, moof: Box, usual: HeadTrack['usual']): Trun {
  const flags = trun.u32(0) & 0xffffff;
  const samples = trun.u32(4);
  const dataAt = (flags & DATA_OFFSET) === 0 ? null : trun.u32(8);
  const mdatAt = moof.body.length + BOX_HEADER * 2;
  if (dataAt === null || dataAt < mdatAt) throw badBox('trun', trun.at, `expected its samples at least ${mdatAt} bytes after the moof, got ${dataAt ?? 'no place'}`);
  const firstFlagsAt = 12;
  const start = firstFlagsAt + ((flags & FIRST_FLAGS) === 0 ? 0 : 4);
  const stride = strideOf(flags);
  if (samples === 0 || trun.body.length !== start + samples * stride) throw badBox('trun', trun.at, `expected ${samples} samples in ${start + samples * stride} bytes, got ${trun.body.length}`);
  const bytesAt = (flags & DURATION) === 0 ? 0 : 4;
  const flagsAt = bytesAt + ((flags & BYTES) === 0 ? 0 : 4);
  const sum = (field: number, within: number, otherwise: number): number => ((flags & field) === 0 ? otherwise * samples : sumOf(trun, start + within, samples, stride));
  const first = (flags & FIRST_FLAGS) !== 0 ? trun.u32(firstFlagsAt) : (flags & FLAGS) !== 0 ? trun.u32(start + flagsAt) : usual.flags;
  return { samples, duration: sum(DURATION, 0, usual.duration), bytes: sum(BYTES, bytesAt, usual.bytes), dataAt, key: (first & NOT_KEY) === 0 };
}

function sumOf(trun: Box, from: number, count: number, stride: number): number {
  let sum = 0;
  for (let index = 0; index < count; index += 1) sum += trun.u32(from + index * stride);
  return sum;
}
