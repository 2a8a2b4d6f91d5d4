import { inflateRawSync } from 'node:zlib';
import { RecordedPicture, type CameraId } from '@argus/contracts';
import type { DataSource } from 'typeorm';
import { z } from 'zod';

/** What was seen in one analysed picture, by wall time. */
export interface SeenPicture {
  readonly wallMs: number;
  readonly objects: RecordedPicture['objects'];
}

/** No segment has so much: a damaged value is not blown up in memory. */
const MOST_BYTES = 64 * 1024 * 1024;
const HAS_COLUMN = `SELECT 1 FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = 'recording_segments' AND column_name = 'pictures'`;
const PICTURES = `
  SELECT start_at, pictures FROM recording_segments
  WHERE camera_id = $1 AND start_at < $3 AND start_at > $2::timestamptz - interval '1 hour' AND end_at > $2 ORDER BY start_at, id`;

/** Tracked objects of a camera in a stretch of time, oldest first. The one place that knows how segments keep them; empty where they keep none. */
export async function readRecordedPictures(dataSource: DataSource, cameraId: CameraId, fromMs: number, toMs: number): Promise<SeenPicture[]> {
  const [column] = (await dataSource.query(HAS_COLUMN)) as unknown[];
  if (column === undefined) return [];
  const rows = (await dataSource.query(PICTURES, [cameraId, new Date(fromMs), new Date(toMs)])) as { start_at: Date; pictures: unknown }[];
  return rows.flatMap(({ start_at, pictures }) => unpack(pictures).map(({ atMs, objects }) => ({ wallMs: start_at.getTime() + atMs, objects })));
}

/** JSON, or JSON that was made small. */
function unpack(pictures: unknown): RecordedPicture[] {
  const plain = Buffer.isBuffer(pictures) ? JSON.parse(inflateRawSync(pictures, { maxOutputLength: MOST_BYTES }).toString()) : pictures;
  return z.array(RecordedPicture).parse(plain ?? []);
}
