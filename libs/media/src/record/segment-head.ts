import { createHash } from 'node:crypto';
import type { StreamCodec } from '@argus/contracts';
import { readParameterSets } from '../annex-b.js';
import { codecString } from '../codec-string.js';
import { badBox, type Box } from './box.js';

/** What a segment begins with: ftyp and moov, which say how its pictures are to be decoded. */
export interface SegmentHead {
  readonly bytes: Buffer;
  readonly id: string;
  readonly codec: StreamCodec;
  readonly codecString: string;
  readonly width: number;
  readonly height: number;
  /** Steps of its clock in a second. */
  readonly timescale: number;
}

const CODECS: Readonly<Record<string, { readonly codec: StreamCodec; readonly record: string }>> = {
  avc1: { codec: 'h264', record: 'avcC' },
  hvc1: { codec: 'hevc', record: 'hvcC' },
  mp4v: { codec: 'mjpeg', record: 'esds' },
};
/** ISO/IEC 14496-12: fields of a picture's sample entry before the boxes in it. */
const SAMPLE_ENTRY_BYTES = 78;
/** ISO/IEC 14496-1: objectTypeIndication of JPEG, behind the tag (4) and length of the decoder's configuration. */
const JPEG_TYPE = 0x6c;

/** Reads the moov of a segment; `bytes` are the whole head. Throws MediaError. */
export function readHead(moov: Box, bytes: Buffer): SegmentHead {
  const media = moov.only('trak').only('mdia');
  const mdhd = media.only('mdhd');
  const timescale = mdhd.u32((mdhd.u32(0) >>> 24) === 1 ? 20 : 12);
  if (timescale === 0) throw badBox('mdhd', mdhd.at, 'expected steps in a second, got 0');
  const stsd = media.only('minf').only('stbl').only('stsd');
  const entries = stsd.children(8);
  const entry = entries[0];
  const known = CODECS[entry?.type ?? ''];
  if (entry === undefined || entries.length !== 1 || known === undefined) throw badBox('stsd', stsd.at, `expected one of ${Object.keys(CODECS).join(', ')}, got ${entries.map(({ type }) => type.replace(/[^ -~]/g, '?')).join(', ') || 'nothing'}`);
  const width = entry.u16(24);
  const height = entry.u16(26);
  const record = entry.children(SAMPLE_ENTRY_BYTES).find(({ type }) => type === known.record);
  if (record === undefined || width === 0 || height === 0) throw badBox(entry.type, entry.at, `expected a picture size and ${known.record}, got ${width}x${height}`);
  const { codec } = known;
  if (codec === 'mjpeg' && !isJpeg(record)) throw badBox('esds', record.at, 'expected JPEG');
  const sets = codec === 'mjpeg' ? { lengthSize: 0, units: [] } : readParameterSets(record.body, codec);
  if (codec !== 'mjpeg' && sets.lengthSize !== 4) throw badBox(record.type, record.at, `expected lengths of 4 bytes, got ${sets.lengthSize}`);
  return { bytes, id: createHash('sha256').update(bytes).digest('hex').slice(0, 16), codec, codecString: codecString(codec, sets), width, height, timescale };
}

/** The lengths of descriptors take four bytes as the native library writes them. */
function isJpeg(esds: Box): boolean {
  const config = esds.body.indexOf(Buffer.of(0x04, 0x80, 0x80, 0x80));
  return config >= 0 && esds.body[config + 5] === JPEG_TYPE;
}
