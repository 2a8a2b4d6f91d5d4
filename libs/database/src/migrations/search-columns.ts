import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Which transaction wrote a sample or a vector: whoever keeps a copy of them asks for what was written since. Numbers from a sequence would not do, because a
 * transaction that ends later may have drawn a smaller one. Rows of before have none: they are in every copy's first reading.
 */
export class SearchColumns1790000023000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The default comes after the column, so that the rows that are there are not written anew.
    await runner.query(`
      ALTER TABLE dataset_samples ADD COLUMN written_in xid8;
      ALTER TABLE dataset_samples ALTER COLUMN written_in SET DEFAULT pg_current_xact_id();
      ALTER TABLE sample_embeddings ADD COLUMN written_in xid8;
      ALTER TABLE sample_embeddings ALTER COLUMN written_in SET DEFAULT pg_current_xact_id();
      CREATE INDEX dataset_samples_written ON dataset_samples (dataset_id, written_in);
      CREATE INDEX dataset_samples_by_seq ON dataset_samples (dataset_id, seq);
      CREATE INDEX sample_embeddings_written ON sample_embeddings (model, written_in);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sample_embeddings DROP COLUMN written_in; ALTER TABLE dataset_samples DROP COLUMN written_in; DROP INDEX dataset_samples_by_seq');
  }
}
