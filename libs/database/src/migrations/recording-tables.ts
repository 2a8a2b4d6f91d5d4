import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The index of recorded footage, and what of a camera is kept. A camera makes some 8640 rows a day: the index has all that a timeline and
 * the removal of old footage read, long columns lie outside of the rows, and the rows are vacuumed early, so that it is enough alone.
 */
export class RecordingTables1790000008000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE cameras ADD COLUMN recording jsonb NOT NULL DEFAULT '{"mode": "off", "preSeconds": 5, "postSeconds": 10, "schedule": null, "keepDays": 14, "keepBytes": null}';
      -- The default was for the rows that are there; new ones say everything.
      ALTER TABLE cameras ALTER COLUMN recording DROP DEFAULT;
      CREATE TABLE recording_segments (
        id uuid PRIMARY KEY,
        camera_id uuid NOT NULL,
        path text NOT NULL UNIQUE CHECK (path ~ '^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$' AND position('..' IN path) = 0),
        start_at timestamptz(3) NOT NULL,
        end_at timestamptz(3) NOT NULL CHECK (end_at >= start_at),
        bytes bigint NOT NULL CHECK (bytes > 0),
        codec text NOT NULL,
        codec_string text NOT NULL,
        width integer NOT NULL,
        height integer NOT NULL,
        has_audio boolean NOT NULL,
        connection integer NOT NULL,
        head_bytes integer NOT NULL,
        head_id text NOT NULL,
        fragments jsonb NOT NULL,
        motion bytea NOT NULL,
        motion_peak smallint NOT NULL,
        pictures bytea,
        created_at timestamptz(3) NOT NULL
      ) WITH (toast_tuple_target = 256, autovacuum_vacuum_insert_threshold = 2000, autovacuum_vacuum_insert_scale_factor = 0.02);
      -- Compressed before it comes here.
      ALTER TABLE recording_segments ALTER COLUMN pictures SET STORAGE EXTERNAL;
      CREATE INDEX recording_segments_by_camera ON recording_segments (camera_id, start_at) INCLUDE (end_at, connection, motion_peak, bytes);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recording_segments; ALTER TABLE cameras DROP COLUMN recording');
  }
}
