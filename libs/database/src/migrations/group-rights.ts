import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What users and keys may do by camera group; null: no such limits, as for all that are there. */
export class GroupRights1790000012000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users ADD COLUMN group_rights jsonb; ALTER TABLE api_keys ADD COLUMN group_rights jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN group_rights; ALTER TABLE api_keys DROP COLUMN group_rights');
  }
}
