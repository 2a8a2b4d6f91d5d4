import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a camera's sound is recorded: settings say it, also those that were made before there was a choice. */
export class RecordingAudio1790000018000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE cameras SET recording = '{"audio": true}'::jsonb || recording`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE cameras SET recording = recording - 'audio'`);
  }
}
