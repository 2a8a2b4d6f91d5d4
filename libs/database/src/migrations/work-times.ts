import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Active time of people on sample sets, in sums of a day: what somebody did at which minute is not kept. `account` names nobody by itself and is not a foreign key: without its user it only
 * keeps apart what different people did, which the fit of rates wants. `work_reported_at`: nobody works longer than has passed since.
 */
export class WorkTimes1790000028000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE work_times (
        dataset_id uuid NOT NULL REFERENCES datasets ON DELETE CASCADE,
        day date NOT NULL,
        account uuid NOT NULL,
        activity text NOT NULL CHECK (activity IN ('choosing', 'labelling', 'reviewing', 'preparing')),
        active_ms bigint NOT NULL CHECK (active_ms >= 0),
        pictures integer NOT NULL CHECK (pictures >= 0),
        boxes integer NOT NULL CHECK (boxes >= 0),
        PRIMARY KEY (dataset_id, day, account, activity)
      );
      ALTER TABLE sessions ADD COLUMN work_reported_at timestamptz(3);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE sessions DROP COLUMN work_reported_at; DROP TABLE work_times');
  }
}
