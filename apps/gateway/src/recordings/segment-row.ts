import type { RecordingSegment } from '@argus/contracts';
import { packPictures } from '@argus/database';
import type { QueryRunner } from 'typeorm';

const INSERT = `
  INSERT INTO recording_segments (id, camera_id, path, start_at, end_at, bytes, codec, codec_string, width, height, has_audio, connection,
    head_bytes, head_id, fragments, motion, motion_peak, pictures, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
  ON CONFLICT (id) DO UPDATE SET connection = EXCLUDED.connection, motion = EXCLUDED.motion, motion_peak = EXCLUDED.motion_peak, pictures = EXCLUDED.pictures
  WHERE recording_segments.pictures IS NULL AND recording_segments.motion_peak = 0
    AND (EXCLUDED.pictures IS NOT NULL OR EXCLUDED.motion_peak > 0 OR EXCLUDED.connection > recording_segments.connection)`;

/**
 * Idempotent by its id. Footage may have been described from its file before its recorder's word came: what moved and was seen in it is then put in, and never taken away.
 * A segment of a camera that is gone is stored as well: it shows what was seen while the camera was there, and
 * without a row its file would be found by nobody and removed by nothing.
 */
export async function saveSegment(runner: QueryRunner, segment: RecordingSegment, now: string): Promise<void> {
  const { fragments, motion } = segment;
  const headBytes = Math.min(...fragments.map((fragment) => fragment.offset));
  const { id, cameraId, path, startAt, endAt, bytes, codec, codecString, width, height, hasAudio, connection, headId } = segment;
  const peak = motion.reduce((most, share) => Math.max(most, share), 0);
  const plain = [id, cameraId, path, startAt, endAt, bytes, codec, codecString, width, height, hasAudio, connection];
  await runner.query(INSERT, [...plain, headBytes, headId, JSON.stringify(fragments), Buffer.from(motion), peak, packPictures(segment.pictures), now]);
}
