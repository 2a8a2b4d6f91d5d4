import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is served first, what waits how long, tiles, models on trial, a second stream for analysis, and the machine's tuning profile. */
export class SchedulingColumns1790000007000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE cameras
        ADD COLUMN analysis_url text,
        ADD COLUMN sealed_analysis_url text,
        ADD COLUMN priority text NOT NULL DEFAULT 'normal' CHECK (priority IN ('critical', 'normal', 'low')),
        ADD COLUMN weight double precision NOT NULL DEFAULT 1 CHECK (weight > 0);
      ALTER TABLE pipelines
        ADD COLUMN flow jsonb NOT NULL DEFAULT '{"policy": "freshest", "depth": 4, "stalenessMs": 1000}',
        ADD COLUMN tiling jsonb,
        ADD COLUMN rollout jsonb,
        ADD COLUMN previous_detector text;
      -- Defaults were for the rows that are there; new ones say everything.
      ALTER TABLE cameras ALTER COLUMN priority DROP DEFAULT, ALTER COLUMN weight DROP DEFAULT;
      ALTER TABLE pipelines ALTER COLUMN flow DROP DEFAULT;
      CREATE TABLE tuning_profile (
        id integer PRIMARY KEY CHECK (id = 1),
        profile jsonb NOT NULL,
        updated_at timestamptz(3) NOT NULL
      );
      INSERT INTO tuning_profile (id, profile, updated_at) VALUES (1, '{}', now());
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE tuning_profile;
      ALTER TABLE pipelines DROP COLUMN flow, DROP COLUMN tiling, DROP COLUMN rollout, DROP COLUMN previous_detector;
      ALTER TABLE cameras DROP COLUMN analysis_url, DROP COLUMN sealed_analysis_url, DROP COLUMN priority, DROP COLUMN weight;
    `);
  }
}
