import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How often workers began to plan a run: one on which they die is not given to the next ones for ever. */
export class HarvestAttempts1790000026450 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE harvest_runs ADD COLUMN attempts integer NOT NULL DEFAULT 0; ALTER TABLE harvest_runs ALTER COLUMN attempts DROP DEFAULT');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE harvest_runs DROP COLUMN attempts');
  }
}
