import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Where footage lies, what of it is held, and limits of all of it. What is on the disk has an index of its own: the mover and the removal for a full
 * disk look for the oldest there, past any number of rows that have gone to the second tier.
 */
export class RecordingTiers1790000015000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE recording_segments ADD COLUMN tier text NOT NULL DEFAULT 'local' CHECK (tier IN ('local', 'remote'));
      CREATE INDEX recording_segments_local ON recording_segments (camera_id, start_at) INCLUDE (end_at, bytes) WHERE tier = 'local';
      CREATE TABLE recording_holds (
        id uuid PRIMARY KEY,
        camera_id uuid NOT NULL,
        from_at timestamptz(3) NOT NULL,
        to_at timestamptz(3) NOT NULL CHECK (to_at > from_at),
        reason text NOT NULL,
        event_id uuid,
        export_id uuid,
        created_by text NOT NULL,
        created_at timestamptz(3) NOT NULL
      );
      CREATE INDEX recording_holds_by_camera ON recording_holds (camera_id, from_at);
      CREATE TABLE recording_limits (
        id integer PRIMARY KEY CHECK (id = 1),
        limits jsonb NOT NULL,
        updated_at timestamptz(3) NOT NULL
      );
      INSERT INTO recording_limits (id, limits, updated_at) VALUES (1, '{}', now());
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE recording_limits;
      DROP TABLE recording_holds;
      DROP INDEX recording_segments_local;
      ALTER TABLE recording_segments DROP COLUMN tier;
    `);
  }
}
