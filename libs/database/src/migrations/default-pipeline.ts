import type { MotionGateSettings, PipelineId, Route } from '@argus/contracts';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fixed so that the row can be named before anybody has looked it up. */
export const DEFAULT_PIPELINE_ID = '00000000-0000-7000-8000-000000000001' as PipelineId;

const GATE: MotionGateSettings = { enabled: true, threshold: 0.0008, stillIntervalSeconds: 5, holdSeconds: 2 };

/** Written out instead of parsed from the contract: a migration says the same for ever, whatever defaults become later. */
const PERSON_TO_POSTURE = {
  labels: ['person'],
  model: 'movenet-posture-192',
  attribute: 'posture',
  cropMargin: 0.15,
  minWidth: 16,
  minHeight: 32,
  settleShare: 0.8,
  settleVotes: 5,
  maxVotes: 15,
  refreshSeconds: 2,
} as Route;

/** The pipeline of every camera that names none: persons, cars and the rest of COCO; persons get a posture. */
export class DefaultPipeline1790000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `INSERT INTO pipelines (id, name, is_default, detector, min_score, analysis_fps, gate, routes, created_at, updated_at)
       VALUES ($1, 'Default', true, 'nanodet-g-416', NULL, 5, $2::jsonb, $3::jsonb, now(), now())`,
      [DEFAULT_PIPELINE_ID, JSON.stringify(GATE), JSON.stringify([PERSON_TO_POSTURE])],
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DELETE FROM pipelines WHERE id = $1', [DEFAULT_PIPELINE_ID]);
  }
}
