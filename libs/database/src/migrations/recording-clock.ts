import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By what time footage is old: it must be known over a restart whether the machine's clock was set ahead. */
export class RecordingClock1790000019000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE recording_clock (
        id integer PRIMARY KEY CHECK (id = 1),
        seen_at timestamptz(3) NOT NULL,
        doubted_seconds integer NOT NULL,
        wall_at timestamptz(3) NOT NULL,
        set_back_at timestamptz(3)
      )
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recording_clock');
  }
}
