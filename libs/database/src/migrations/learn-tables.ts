import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Sample sets and harvests. Pictures lie in the sample store by their digests (`pictures` says what they are); a set has a row for each of its samples. A run is cut into parts that
 * any worker may claim; what a recipe took of which segment is remembered, so that the next run takes what is new.
 */
export class LearnTables1790000020000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE datasets (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        name_key text NOT NULL UNIQUE,
        note text NOT NULL,
        licence text,
        source text NOT NULL,
        retention_days integer,
        tags text[] NOT NULL,
        camera_ids uuid[] NOT NULL,
        has_unknown_cameras boolean NOT NULL,
        counts jsonb NOT NULL,
        counted_revision bigint NOT NULL,
        revision bigint NOT NULL,
        head bytea,
        head_revision bigint,
        recipe_id uuid,
        created_by text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL
      );

      CREATE TABLE pictures (
        sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
        mime text NOT NULL,
        bytes integer NOT NULL,
        width integer NOT NULL,
        height integer NOT NULL,
        thumbnail bytea CHECK (length(thumbnail) = 32),
        created_at timestamptz(3) NOT NULL
      );

      CREATE TABLE dataset_samples (
        dataset_id uuid NOT NULL REFERENCES datasets ON DELETE CASCADE,
        sha256 bytea NOT NULL REFERENCES pictures,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        name text NOT NULL,
        group_name text NOT NULL,
        camera_id uuid,
        video text,
        frame_index integer,
        pts_us bigint,
        wall_at timestamptz(3),
        time_zone text,
        tz_version text,
        is_original boolean NOT NULL DEFAULT false,
        sharpness real,
        brightness real,
        phash bigint,
        split text CHECK (split IN ('train', 'val', 'test')),
        complete boolean NOT NULL DEFAULT false,
        focus boolean NOT NULL DEFAULT false,
        annotations jsonb NOT NULL DEFAULT '[]',
        labels text[] NOT NULL DEFAULT '{}',
        attributes jsonb NOT NULL DEFAULT '{}',
        added_at timestamptz(3) NOT NULL,
        removed_at timestamptz(3),
        PRIMARY KEY (dataset_id, sha256)
      );
      CREATE INDEX dataset_samples_in_order ON dataset_samples (dataset_id, group_name, (coalesce(wall_at, '-infinity'::timestamptz)), seq);
      CREATE INDEX dataset_samples_by_label ON dataset_samples USING gin (labels);
      CREATE INDEX dataset_samples_of_camera ON dataset_samples (dataset_id, camera_id, wall_at) WHERE camera_id IS NOT NULL;
      CREATE INDEX dataset_samples_of_picture ON dataset_samples (sha256);

      CREATE TABLE dataset_versions (
        dataset_id uuid NOT NULL REFERENCES datasets ON DELETE CASCADE,
        digest bytea NOT NULL CHECK (length(digest) = 32),
        parents bytea[] NOT NULL,
        counts jsonb NOT NULL,
        message text NOT NULL,
        created_by text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        PRIMARY KEY (dataset_id, digest)
      );

      CREATE TABLE harvest_recipes (
        id uuid PRIMARY KEY,
        name_key text NOT NULL UNIQUE,
        recipe jsonb NOT NULL,
        owner_kind text NOT NULL CHECK (owner_kind IN ('user', 'api-key')),
        owner_id text NOT NULL,
        created_by text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL,
        next_run_at timestamptz(3)
      );
      CREATE INDEX harvest_recipes_due ON harvest_recipes (next_run_at) WHERE next_run_at IS NOT NULL;

      CREATE TABLE harvest_runs (
        id uuid PRIMARY KEY,
        recipe_id uuid NOT NULL,
        recipe jsonb NOT NULL,
        camera_ids uuid[] NOT NULL,
        dataset_id uuid,
        state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
        is_planned boolean NOT NULL,
        segments_total integer NOT NULL,
        segments_done integer NOT NULL,
        segments_failed integer NOT NULL,
        added integer NOT NULL,
        known integer NOT NULL,
        near integer NOT NULL,
        bytes bigint NOT NULL,
        problem text,
        troubles jsonb NOT NULL,
        created_by text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        started_at timestamptz(3),
        ended_at timestamptz(3),
        claim uuid,
        claimed_until timestamptz(3),
        CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
        CHECK ((claim IS NULL) = (claimed_until IS NULL))
      );
      CREATE INDEX harvest_runs_open ON harvest_runs (id) WHERE state IN ('queued', 'running');
      CREATE INDEX harvest_runs_of_recipe ON harvest_runs (recipe_id, id);

      CREATE TABLE harvest_parts (
        run_id uuid NOT NULL REFERENCES harvest_runs ON DELETE CASCADE,
        part integer NOT NULL,
        camera_id uuid NOT NULL,
        segment_ids uuid[] NOT NULL,
        segment_before uuid,
        quota integer,
        next_segment integer NOT NULL DEFAULT 0,
        state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
        claim uuid,
        claimed_until timestamptz(3),
        attempts integer NOT NULL DEFAULT 0,
        PRIMARY KEY (run_id, part),
        CHECK ((state = 'running') = (claim IS NOT NULL) AND (claim IS NULL) = (claimed_until IS NULL))
      );
      CREATE INDEX harvest_parts_open ON harvest_parts (run_id, part) WHERE state IN ('queued', 'running');

      CREATE TABLE harvest_taken (
        recipe_id uuid NOT NULL,
        rules bytea NOT NULL,
        segment_id uuid NOT NULL,
        PRIMARY KEY (recipe_id, rules, segment_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE harvest_taken, harvest_parts, harvest_runs, harvest_recipes, dataset_versions, dataset_samples, pictures, datasets');
  }
}
