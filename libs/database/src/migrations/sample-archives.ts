import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Pictures of samples that lie in the bucket: archives that workers on other machines put there, and where in them each picture is, thumbnails too. What has no row here lies in the shards of the
 * samples folder. `bytes`: of the pictures that it was made with; `touched_at`: when somebody last put one of its pictures, known or new; `gone_at`: it is being removed, nobody counts on it any more.
 */
export class SampleArchives1790000026000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE sample_archives (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        name text NOT NULL UNIQUE,
        bytes bigint NOT NULL,
        touched_at timestamptz(3) NOT NULL,
        gone_at timestamptz(3)
      );
      CREATE TABLE archived_pictures (
        sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
        archive_id integer NOT NULL REFERENCES sample_archives,
        starts_at integer NOT NULL,
        bytes integer NOT NULL
      );
      CREATE INDEX archived_pictures_by_archive ON archived_pictures (archive_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE archived_pictures, sample_archives');
  }
}
