import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Harvests into a matrix: a set for each camera or group of files. A part says into which set its pictures go (of older ones the run does); a set is found again by whose it is,
 * so that people may call it what they like.
 */
export class HarvestMatrix1790000026300 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE harvest_parts ADD COLUMN dataset_id uuid;
      ALTER TABLE datasets ADD COLUMN harvest_owner text;
      CREATE UNIQUE INDEX datasets_of_matrix ON datasets (recipe_id, harvest_owner) WHERE harvest_owner IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX datasets_of_matrix; ALTER TABLE datasets DROP COLUMN harvest_owner; ALTER TABLE harvest_parts DROP COLUMN dataset_id');
  }
}
