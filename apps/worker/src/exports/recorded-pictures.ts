import type { CameraId, RecordedPicture } from '@argus/contracts';
import { unpackPictures } from '@argus/database';
import type { DataSource } from 'typeorm';

/** What was seen in one analysed picture, by wall time. */
export interface SeenPicture {
  readonly wallMs: number;
  readonly objects: RecordedPicture['objects'];
}

const PICTURES = `
  SELECT start_at, pictures FROM recording_segments
  WHERE camera_id = $1 AND start_at < $3 AND start_at > $2::timestamptz - interval '1 hour' AND end_at > $2 ORDER BY start_at, id`;

/** Tracked objects of a camera in a stretch of time, oldest first. */
export async function readRecordedPictures(dataSource: DataSource, cameraId: CameraId, fromMs: number, toMs: number): Promise<SeenPicture[]> {
  const rows = (await dataSource.query(PICTURES, [cameraId, new Date(fromMs), new Date(toMs)])) as { start_at: Date; pictures: Buffer | null }[];
  return rows.flatMap(({ start_at, pictures }) => unpackPictures(pictures).map(({ atMs, objects }) => ({ wallMs: start_at.getTime() + atMs, objects })));
}
