import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Jobs on whole sample sets, and what is known of pictures whatever set they are in: vectors of an embedder, and the digest of their pixels.
 * `cursor` is where a job goes on; it is written together with what was done up to there. `boxes`: digest of the boxes that were covered, empty for the whole picture.
 */
export class DatasetJobs1790000021000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dataset_jobs (
        id uuid PRIMARY KEY,
        dataset_id uuid NOT NULL REFERENCES datasets ON DELETE CASCADE,
        kind text NOT NULL,
        options jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
        progress jsonb NOT NULL,
        result jsonb,
        problem text,
        created_by text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        started_at timestamptz(3),
        ended_at timestamptz(3),
        claim uuid,
        claimed_until timestamptz(3),
        attempts integer NOT NULL DEFAULT 0,
        cursor jsonb NOT NULL DEFAULT '{}',
        CHECK ((state IN ('done', 'failed', 'cancelled')) = (ended_at IS NOT NULL)),
        CHECK ((state = 'running') = (claim IS NOT NULL) AND (claim IS NULL) = (claimed_until IS NULL))
      );
      CREATE INDEX dataset_jobs_open ON dataset_jobs (id) WHERE state IN ('queued', 'running');
      CREATE INDEX dataset_jobs_of_dataset ON dataset_jobs (dataset_id, id);

      CREATE TABLE sample_embeddings (
        sha256 bytea NOT NULL REFERENCES pictures ON DELETE CASCADE,
        model text NOT NULL,
        boxes bytea NOT NULL DEFAULT '',
        vector bytea NOT NULL,
        scale real NOT NULL,
        PRIMARY KEY (sha256, model, boxes)
      );

      ALTER TABLE pictures ADD COLUMN rgb bytea CHECK (length(rgb) = 32);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE pictures DROP COLUMN rgb; DROP TABLE sample_embeddings, dataset_jobs');
  }
}
