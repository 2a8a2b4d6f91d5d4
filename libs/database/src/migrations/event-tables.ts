import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events and tracks. Lists run newest first over (started_at, id), so every filter that people use has an index that ends in
 * that pair: a page costs the same at ten rows and at ten million.
 */
export class EventTables1790000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE events (
        id uuid PRIMARY KEY,
        revision integer NOT NULL,
        state text NOT NULL CHECK (state IN ('provisional', 'confirmed', 'ended')),
        kind text NOT NULL,
        camera_id uuid NOT NULL,
        camera_name text NOT NULL,
        rule_id uuid NOT NULL,
        rule_name text NOT NULL,
        track_id uuid,
        label text,
        score double precision NOT NULL,
        count integer,
        detail text,
        zone text,
        started_at timestamptz(3) NOT NULL,
        confirmed_at timestamptz(3),
        confirmation text,
        ended_at timestamptz(3),
        end_reason text,
        pts_us bigint NOT NULL,
        box jsonb,
        attributes jsonb NOT NULL,
        path jsonb NOT NULL,
        models jsonb NOT NULL,
        snapshot_key text,
        thumbnail_key text,
        acknowledged_at timestamptz(3),
        acknowledged_by text,
        boot_id uuid NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL
      );
      CREATE INDEX events_newest ON events (started_at DESC, id DESC);
      CREATE INDEX events_by_camera ON events (camera_id, started_at DESC, id DESC);
      CREATE INDEX events_by_rule ON events (rule_id, started_at DESC, id DESC);
      CREATE INDEX events_by_label ON events (label, started_at DESC, id DESC);
      CREATE INDEX events_by_state ON events (state, started_at DESC, id DESC);
      CREATE INDEX events_by_track ON events (track_id, started_at DESC, id DESC) WHERE track_id IS NOT NULL;
      CREATE INDEX events_open ON events (boot_id) WHERE state <> 'ended';
      CREATE INDEX events_changed ON events (updated_at, id);

      CREATE TABLE tracks (
        id uuid PRIMARY KEY,
        camera_id uuid NOT NULL,
        label text NOT NULL,
        score double precision NOT NULL,
        started_at timestamptz(3) NOT NULL,
        ended_at timestamptz(3) NOT NULL,
        attributes jsonb NOT NULL,
        path jsonb NOT NULL,
        detector_id text NOT NULL,
        detector_version text NOT NULL,
        created_at timestamptz(3) NOT NULL
      );
      CREATE INDEX tracks_newest ON tracks (started_at DESC, id DESC);
      CREATE INDEX tracks_by_camera ON tracks (camera_id, started_at DESC, id DESC);
      CREATE INDEX tracks_by_label ON tracks (label, started_at DESC, id DESC);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tracks, events');
  }
}
