import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs that export footage. They are few, so the table is read as it is but for the two questions that are asked all the time. */
export class ExportTables1790000014000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE exports (
        id uuid PRIMARY KEY,
        title text NOT NULL,
        note text NOT NULL,
        camera_ids uuid[] NOT NULL,
        ranges jsonb NOT NULL,
        options jsonb NOT NULL,
        state text NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed', 'cancelled')),
        progress jsonb NOT NULL,
        files jsonb NOT NULL,
        error text,
        manifest_sha256 text,
        estimated_bytes bigint NOT NULL,
        created_by text NOT NULL,
        created_at timestamptz(3) NOT NULL,
        finished_at timestamptz(3),
        claim uuid,
        claimed_until timestamptz(3),
        attempts integer NOT NULL,
        CHECK ((state = 'running') = (claim IS NOT NULL) AND (claim IS NULL) = (claimed_until IS NULL)),
        CHECK ((state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
      );
      CREATE INDEX exports_open ON exports (id) WHERE state IN ('queued', 'running');
      CREATE INDEX exports_finished ON exports (finished_at) WHERE finished_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE exports');
  }
}
