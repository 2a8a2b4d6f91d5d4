import { createHash } from 'node:crypto';
import type { StreamCodec } from '@argus/contracts';
import { readParameterSets } from './annex-b.js';
import { badBox, BOX_HEADER, type Box } from './box.js';
import { codecString } from './codec-string.js';
import { soundCodecString } from './sound-codec-string.js';

/** A track of a segment, as its fragments must know it. */
export interface HeadTrack {
  /** Steps of its clock in a second. */
  readonly timescale: number;
  /** Of a sample whose fragment does not say it. */
  readonly usual: { readonly duration: number; readonly bytes: number; readonly flags: number };
}

/** What a segment begins with: ftyp and moov, which say how its pictures are to be decoded. */
export interface SegmentHead {
  readonly bytes: Buffer;
  /** A digest of what a decoder is set up with: fragments behind heads with the same one can follow each other. */
  readonly id: string;
  readonly codec: StreamCodec;
  /** RFC 6381, the picture's and behind a comma the sound's. */
  readonly codecString: string;
  readonly width: number;
  readonly height: number;
  /** By their number; the picture's is `videoTrack`. */
  readonly tracks: ReadonlyMap<number, HeadTrack>;
  readonly videoTrack: number;
  /** The first of sound; null: there is none. */
  readonly soundTrack: number | null;
  readonly hasAudio: boolean;
}

const CODECS: Readonly<Record<string, { readonly codec: StreamCodec; readonly record: string }>> = {
  avc1: { codec: 'h264', record: 'avcC' },
  hvc1: { codec: 'hevc', record: 'hvcC' },
  mp4v: { codec: 'mjpeg', record: 'esds' },
};
/** ISO/IEC 14496-12: fields of a sample entry before the boxes in it, of pictures and of sound. */
const ENTRY_BYTES: Readonly<Record<string, number>> = { vide: 78, soun: 28 };
/** ISO/IEC 14496-1: objectTypeIndication of JPEG, behind the tag (4) and length of the decoder's configuration. */
const JPEG_TYPE = 0x6c;

/** Reads the moov of a segment; `bytes` are the whole head. Throws FootageFileError. */
export function readHead(moov: Box, bytes: Buffer): SegmentHead {
  const defaults = new Map(moov.only('mvex').all('trex').map((trex) => [trex.u32(4), trex]));
  const digest = createHash('sha256');
  const tracks = new Map<number, HeadTrack>();
  let video: { readonly number: number; readonly stsd: Box } | null = null;
  const sounds: string[] = [];
  let soundTrack: number | null = null;
  for (const trak of moov.all('trak')) {
    const tkhd = trak.only('tkhd');
    const number = tkhd.u32(isLong(tkhd) ? 20 : 12);
    const trex = defaults.get(number);
    if (trex === undefined || tracks.has(number)) throw badBox('trak', trak.at, `expected a number of its own and a trex for it, got number ${number}`);
    const handler = trak.only('mdia').only('hdlr').text(8);
    const stsd = trak.only('mdia').only('minf').only('stbl').only('stsd');
    const track = { timescale: timescaleOf(trak), usual: { duration: trex.u32(12), bytes: trex.u32(16), flags: trex.u32(20) } };
    tracks.set(number, track);
    digest.update(`${number} ${track.timescale} ${handler} `).update(trex.body);
    for (const part of decoderSettings(stsd, handler)) digest.update(part);
    if (handler === 'soun') {
      sounds.push(soundCodecString(stsd));
      soundTrack ??= number;
    }
    if (handler === 'vide' && video !== null) throw badBox('trak', trak.at, 'expected one track of pictures, got another');
    if (handler === 'vide') video = { number, stsd };
  }
  if (video === null) throw badBox('moov', moov.at, 'expected a track of pictures in it, got none');
  const pictures = readPictures(video.stsd);
  const strings = [pictures.codecString, ...sounds].join(',');
  return { bytes, id: digest.digest('hex').slice(0, 16), ...pictures, codecString: strings, tracks, videoTrack: video.number, soundTrack, hasAudio: sounds.length > 0 };
}

const isLong = (box: Box): boolean => box.u32(0) >>> 24 === 1;

function timescaleOf(trak: Box): number {
  const mdhd = trak.only('mdia').only('mdhd');
  const timescale = mdhd.u32(isLong(mdhd) ? 20 : 12);
  if (timescale === 0) throw badBox('mdhd', mdhd.at, 'expected steps in a second, got 0');
  return timescale;
}

/** The average rate (btrt) differs from writer to writer, and means nothing to a decoder. */
function decoderSettings(stsd: Box, handler: string): Buffer[] {
  return stsd.children(BOX_HEADER).flatMap((entry) => {
    const fields = ENTRY_BYTES[handler] ?? entry.body.length;
    const boxes = entry.children(fields).filter(({ type }) => type !== 'btrt');
    return [Buffer.from(entry.type, 'latin1'), entry.body.subarray(0, fields), ...boxes.flatMap(({ type, body }) => [Buffer.from(type, 'latin1'), body])];
  });
}

function readPictures(stsd: Box): Pick<SegmentHead, 'codec' | 'codecString' | 'width' | 'height'> {
  const entries = stsd.children(BOX_HEADER);
  const entry = entries[0];
  const known = CODECS[entry?.type ?? ''];
  if (entry === undefined || entries.length !== 1 || known === undefined) throw badBox('stsd', stsd.at, `expected one of ${Object.keys(CODECS).join(', ')}, got ${entries.map(({ type }) => type.replace(/[^ -~]/g, '?')).join(', ') || 'nothing'}`);
  const width = entry.u16(24);
  const height = entry.u16(26);
  const record = entry.children(ENTRY_BYTES['vide']).find(({ type }) => type === known.record);
  if (record === undefined || width === 0 || height === 0) throw badBox(entry.type, entry.at, `expected a picture size and ${known.record}, got ${width}x${height}`);
  const { codec } = known;
  if (codec === 'mjpeg' && !isJpeg(record)) throw badBox('esds', record.at, 'expected JPEG');
  const sets = codec === 'mjpeg' ? { lengthSize: 0, units: [] } : readParameterSets(record.body, codec);
  if (codec !== 'mjpeg' && sets.lengthSize !== 4) throw badBox(record.type, record.at, `expected lengths of 4 bytes, got ${sets.lengthSize}`);
  return { codec, codecString: codecString(codec, sets), width, height };
}

/** The lengths of descriptors take four bytes as the native library writes them. */
function isJpeg(esds: Box): boolean {
  const config = esds.body.indexOf(Buffer.of(0x04, 0x80, 0x80, 0x80));
  return config >= 0 && esds.body[config + 5] === JPEG_TYPE;
}
