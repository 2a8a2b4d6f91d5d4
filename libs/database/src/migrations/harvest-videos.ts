import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Harvests of video files. A file is known by path, size and time of change, so that one that was changed is another; parts and `harvest_taken` name files where they name segments of cameras.
 * `cursor` is where a part goes on within a file: it moves in the transaction that writes the samples up to there.
 */
export class HarvestVideos1790000022000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE harvest_videos (
        id uuid PRIMARY KEY,
        recipe_id uuid NOT NULL,
        path text NOT NULL,
        bytes bigint NOT NULL,
        changed_us bigint NOT NULL,
        name text NOT NULL,
        group_name text NOT NULL,
        UNIQUE (recipe_id, path, bytes, changed_us)
      );
      ALTER TABLE harvest_parts ALTER COLUMN camera_id DROP NOT NULL, ADD COLUMN group_name text, ADD COLUMN cursor jsonb,
        ADD CHECK ((camera_id IS NULL) = (group_name IS NOT NULL));
      ALTER TABLE harvest_runs ADD COLUMN segments_rejected integer NOT NULL DEFAULT 0, ADD COLUMN of_videos boolean NOT NULL DEFAULT false;
      ALTER TABLE harvest_runs ALTER COLUMN segments_rejected DROP DEFAULT, ALTER COLUMN of_videos DROP DEFAULT;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM harvest_runs WHERE of_videos;
      ALTER TABLE harvest_runs DROP COLUMN segments_rejected, DROP COLUMN of_videos;
      ALTER TABLE harvest_parts DROP COLUMN group_name, DROP COLUMN cursor, ALTER COLUMN camera_id SET NOT NULL;
      DROP TABLE harvest_videos;
    `);
  }
}
