import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What keeps pictures, and since when nothing does; versions that are kept, or whose content is gone; samples on their way into a set, which becomes what they say at once; and
 * what was collected. `pictures.is_original`: in a sealed version it was one without the masks of its camera, which a set may not say any more. `oldest_at`: when its oldest picture was taken.
 */
export class SampleUpkeep1790000024000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE pictures ADD COLUMN unused_since timestamptz(3), ADD COLUMN is_original boolean NOT NULL DEFAULT false;
      CREATE INDEX pictures_unused ON pictures (unused_since) WHERE unused_since IS NOT NULL;
      UPDATE pictures AS p SET is_original = true WHERE EXISTS (SELECT 1 FROM dataset_samples AS s WHERE s.sha256 = p.sha256 AND s.is_original);

      ALTER TABLE dataset_versions ADD COLUMN is_kept boolean NOT NULL DEFAULT false, ADD COLUMN gone_at timestamptz(3), ADD COLUMN oldest_at timestamptz(3), ADD COLUMN originals integer NOT NULL DEFAULT 0;
      UPDATE dataset_versions AS v SET
        oldest_at = (SELECT min(coalesce(s.wall_at, s.added_at)) FROM dataset_samples AS s WHERE s.dataset_id = v.dataset_id),
        originals = (SELECT count(*) FROM dataset_samples AS s WHERE s.dataset_id = v.dataset_id AND s.is_original);

      CREATE TABLE staged_samples (
        job_id uuid NOT NULL REFERENCES dataset_jobs ON DELETE CASCADE,
        sha256 bytea NOT NULL CHECK (length(sha256) = 32),
        sample jsonb NOT NULL,
        PRIMARY KEY (job_id, sha256)
      );

      CREATE TABLE sample_collections (
        id uuid PRIMARY KEY,
        ended_at timestamptz(3) NOT NULL,
        samples integer NOT NULL,
        versions integer NOT NULL,
        pictures integer NOT NULL,
        bytes bigint NOT NULL,
        is_round boolean NOT NULL,
        problem text
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE sample_collections, staged_samples;
      ALTER TABLE dataset_versions DROP COLUMN is_kept, DROP COLUMN gone_at, DROP COLUMN oldest_at, DROP COLUMN originals;
      ALTER TABLE pictures DROP COLUMN unused_since, DROP COLUMN is_original;
    `);
  }
}
