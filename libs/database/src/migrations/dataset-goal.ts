import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is wanted of a set's samples. */
export class DatasetGoal1790000025000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE datasets ADD COLUMN goal jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE datasets DROP COLUMN goal');
  }
}
