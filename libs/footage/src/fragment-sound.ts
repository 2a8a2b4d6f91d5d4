import { badBox, Box, BOX_HEADER, readBoxHeader } from './box.js';
import type { FootageSource } from './footage-source.js';
import { readMoof, samplesOf, type FragmentSample } from './fragment-head.js';
import type { FragmentDescription } from './segment-description.js';
import type { SegmentHead } from './segment-head.js';

/** A piece of sound in a segment. Times are steps of its track's clock since the segment's start. */
export interface SoundPiece {
  readonly at: number;
  readonly duration: number;
  readonly data: Buffer;
}

/** The sound of a fragment, without its pictures being read; none: nothing is heard in it. Throws FootageFileError, and what `file.read` throws. */
export async function readSound(file: FootageSource, fragment: FragmentDescription, head: SegmentHead): Promise<SoundPiece[]> {
  if (head.soundTrack === null) return [];
  const { size } = readBoxHeader(await file.read(fragment.offset, BOX_HEADER), 0, fragment.offset);
  if (size > fragment.bytes) throw badBox('moof', fragment.offset, `expected at most ${fragment.bytes} bytes, got ${size}`);
  const samples = samplesOf(readMoof(await file.read(fragment.offset, size), fragment.offset), head, head.soundTrack);
  const [from, to] = samples.reduce(([first, last], { place, bytes }) => [Math.min(first, place), Math.max(last, place + bytes)], [fragment.bytes, 0]);
  if (to > fragment.bytes) throw badBox('trun', fragment.offset, `expected its samples within ${fragment.bytes} bytes, got some up to ${to}`);
  const data = samples.length === 0 ? Buffer.alloc(0) : await file.read(fragment.offset + from, to - from);
  return samples.map(({ at, duration, place, bytes }) => ({ at, duration, data: data.subarray(place - from, place - from + bytes) }));
}

/** A head that says nothing of sound; the same one where it does not. */
export function withoutSound(head: SegmentHead): Buffer {
  const { soundTrack } = head;
  return soundTrack === null ? head.bytes : changeMoov(head.bytes, (moov) => moov.children().filter((box) => box.type !== 'trak' || numberOf(box) !== soundTrack).map(toBytes), (trex) => trex.u32(4) !== soundTrack);
}

/** A head, of pictures alone, that also tells of the sound that another one has: then its fragments can be behind it. */
export function withSoundOf(head: Buffer, other: SegmentHead): Buffer {
  const moov = Box.around(other.bytes).only('moov');
  const sound = moov.all('trak').filter((trak) => numberOf(trak) === other.soundTrack).map(toBytes);
  const defaults = moov.only('mvex').all('trex').filter((trex) => trex.u32(4) === other.soundTrack).map(toBytes);
  return changeMoov(head, (own) => own.children().flatMap((box) => (box.type === 'mvex' ? [...sound, toBytes(box)] : [toBytes(box)])), () => true, defaults);
}

/** A whole fragment as if nothing had been heard: no byte of the sound is left in it. Throws FootageFileError. */
export function muteFragment(fragment: Buffer, head: SegmentHead): Buffer {
  if (head.soundTrack === null) return fragment;
  const moof = readMoof(fragment, 0);
  const kept = moof.children().filter((box) => box.type !== 'traf' || box.only('tfhd').u32(4) === head.videoTrack).map(toBytes);
  const pictures = samplesOf(moof, head, head.videoTrack);
  const muted = Buffer.concat([boxOf('moof', kept), boxOf('mdat', pictures.map(({ place, bytes }) => fragment.subarray(place, place + bytes)))]);
  placeSamples(readMoof(muted, 0), pictures);
  return muted;
}

/** The samples lie one after the other now. */
function placeSamples(moof: Box, samples: readonly FragmentSample[]): void {
  let [place, index] = [moof.body.length + BOX_HEADER * 2, 0];
  for (const trun of moof.only('traf').all('trun')) {
    trun.body.writeUInt32BE(place, 8);
    for (let left = trun.u32(4); left > 0; left -= 1, index += 1) place += samples[index]?.bytes ?? 0;
  }
}

function changeMoov(head: Buffer, change: (moov: Box) => Buffer[], keeps: (trex: Box) => boolean, more: readonly Buffer[] = []): Buffer {
  const parts = Box.around(head).children().map((box) => {
    if (box.type !== 'moov') return toBytes(box);
    const mvex = box.only('mvex').children().filter((child) => child.type !== 'trex' || keeps(child)).map(toBytes);
    return boxOf('moov', change(box).map((bytes) => (bytes.toString('latin1', 4, 8) === 'mvex' ? boxOf('mvex', [...mvex, ...more]) : bytes)));
  });
  return Buffer.concat(parts);
}

function numberOf(trak: Box): number {
  const tkhd = trak.only('tkhd');
  return tkhd.u32(tkhd.u32(0) >>> 24 === 1 ? 20 : 12);
}

const toBytes = ({ type, body }: Box): Buffer => boxOf(type, [body]);

function boxOf(type: string, parts: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(BOX_HEADER);
  header.writeUInt32BE(BOX_HEADER + parts.reduce((sum, { length }) => sum + length, 0));
  header.write(type, 4, 'latin1');
  return Buffer.concat([header, ...parts]);
}
