import { createHash } from 'node:crypto';
import { boxesAt, boxesIn, findBox, type Box } from './boxes.js';
import { FootageFileError } from './footage-file-error.js';

export interface HeadTrack {
  readonly id: number;
  /** Ticks a second. */
  readonly timescale: number;
  /** Length of a sample where its fragment does not say it, ticks. */
  readonly usualTicks: number;
}

/** The bytes before the first fragment, read. */
export interface FootageHead {
  readonly bytes: Buffer;
  readonly tracks: ReadonlyMap<number, HeadTrack>;
  /** Fragments of files with the same text may follow each other: tracks, time scales and decoder settings are the same. */
  readonly likeness: string;
}

/** Bytes of a sample entry before the boxes in it, by the track's handler. */
const ENTRY_BYTES: Readonly<Record<string, number>> = { vide: 86, soun: 36 };

/** @throws FootageFileError when these are not the first bytes of a fragmented MP4. */
export function readHead(path: string, bytes: Buffer): FootageHead {
  try {
    return readTracks(path, bytes);
  } catch (error) {
    // Places in damaged boxes lead out of the buffer.
    if (error instanceof RangeError) throw new FootageFileError(path, 'a head whose boxes are whole', 'a damaged one', { cause: error });
    throw error;
  }
}

function readTracks(path: string, bytes: Buffer): FootageHead {
  const defaults = new Map(boxesAt(bytes, 'moov/mvex/trex').map((box) => [bytes.readUInt32BE(box.body + 4), bytes.subarray(box.body + 8, box.end)]));
  const likeness = createHash('sha256');
  const tracks = boxesAt(bytes, 'moov/trak').map((trak) => {
    const [tkhd, mdhd, hdlr, stsd] = ['tkhd', 'mdia/mdhd', 'mdia/hdlr', 'mdia/minf/stbl/stsd'].map((way) => findBox(bytes, way, trak));
    if (!tkhd || !mdhd || !hdlr || !stsd) throw new FootageFileError(path, 'a head with tkhd, mdhd, hdlr and stsd for each track', 'a track without one of them');
    const id = bytes.readUInt32BE(tkhd.body + (bytes[tkhd.body] === 1 ? 20 : 12));
    const timescale = bytes.readUInt32BE(mdhd.body + (bytes[mdhd.body] === 1 ? 20 : 12));
    const handler = bytes.toString('latin1', hdlr.body + 8, hdlr.body + 12);
    const trex = defaults.get(id);
    likeness.update(`${id} ${timescale} ${handler} ${trex?.toString('hex')} `);
    for (const part of decoderSettings(bytes, stsd, handler)) likeness.update(part);
    return [id, { id, timescale, usualTicks: trex?.readUInt32BE(4) ?? 0 }] as const;
  });
  if (tracks.length === 0 || tracks.some(([, track]) => track.timescale === 0)) throw new FootageFileError(path, 'the head of a fragmented MP4', `${bytes.length} other bytes`);
  return { bytes, tracks: new Map(tracks), likeness: likeness.digest('base64') };
}

/** What a decoder is set up with. The average rate (`btrt`) differs from connection to connection and means nothing to it. */
function decoderSettings(bytes: Buffer, stsd: Box, handler: string): Buffer[] {
  return [...boxesIn(bytes, stsd.body + 8, stsd.end)].flatMap((entry) => {
    const inner = entry.start + (ENTRY_BYTES[handler] ?? entry.end - entry.start);
    const kept = [...boxesIn(bytes, inner, entry.end)].filter((box) => box.type !== 'btrt');
    return [bytes.subarray(entry.body, inner), ...kept.map((box) => bytes.subarray(box.start, box.end))];
  });
}
