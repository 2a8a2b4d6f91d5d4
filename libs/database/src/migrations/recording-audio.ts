import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a camera's sound is recorded: settings say it. Those that were made before there was a choice go on without: nobody was asked. */
export class RecordingAudio1790000018000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE cameras SET recording = '{"audio": false}'::jsonb || recording`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`UPDATE cameras SET recording = recording - 'audio'`);
  }
}
