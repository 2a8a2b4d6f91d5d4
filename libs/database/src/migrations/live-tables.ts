import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Configuration of the live plane: pipelines, cameras, rules, and the models that the engine reports. */
export class LiveTables1790000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE pipelines (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        is_default boolean NOT NULL,
        detector text NOT NULL,
        min_score double precision,
        analysis_fps double precision NOT NULL,
        gate jsonb NOT NULL,
        routes jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL
      );
      CREATE UNIQUE INDEX pipelines_one_default ON pipelines (is_default) WHERE is_default;

      CREATE TABLE cameras (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        url text NOT NULL,
        sealed_url text,
        enabled boolean NOT NULL,
        tags text[] NOT NULL,
        time_zone text NOT NULL,
        pipeline_id uuid REFERENCES pipelines (id) ON DELETE RESTRICT,
        labels text[],
        analysis_fps double precision,
        zones jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL
      );
      CREATE INDEX cameras_pipeline ON cameras (pipeline_id);

      CREATE TABLE rules (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        enabled boolean NOT NULL,
        camera_ids uuid[],
        labels text[] NOT NULL,
        min_score double precision NOT NULL,
        condition jsonb NOT NULL,
        schedule jsonb,
        hysteresis double precision NOT NULL,
        cooldown_seconds double precision NOT NULL,
        confirm_deadline_seconds double precision NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL
      );

      CREATE TABLE models (
        id text PRIMARY KEY,
        version text NOT NULL,
        summary jsonb NOT NULL,
        created_at timestamptz(3) NOT NULL,
        updated_at timestamptz(3) NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE models, rules, cameras, pipelines');
  }
}
