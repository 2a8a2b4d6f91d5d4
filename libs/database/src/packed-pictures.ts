import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { RecordedPicture } from '@argus/contracts';

/** No segment has so much: a damaged value is not blown up in memory. */
const MOST_BYTES = 64 * 1024 * 1024;
const Pictures = RecordedPicture.array();

/** A tenth of its JSON: boxes change little from picture to picture, and names repeat. null: nothing was seen. */
export const packPictures = (pictures: readonly RecordedPicture[]): Buffer | null => (pictures.length === 0 ? null : deflateRawSync(JSON.stringify(pictures)));

export const unpackPictures = (packed: Buffer | null): RecordedPicture[] => (packed === null ? [] : Pictures.parse(JSON.parse(inflateRawSync(packed, { maxOutputLength: MOST_BYTES }).toString())));
