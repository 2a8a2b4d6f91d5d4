import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What of a camera's picture nobody is to see, and until when it had masks that it has no more: footage of before stays under them. */
export class PrivacyMaskColumns1790000009000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE cameras
        ADD COLUMN privacy_masks jsonb NOT NULL DEFAULT '[]',
        ADD COLUMN masked_until timestamptz(3);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE cameras DROP COLUMN privacy_masks, DROP COLUMN masked_until');
  }
}
