import type { DatasetId, WorkActivity } from '@argus/contracts';
import type { EntityManager } from 'typeorm';
import type { Principal } from '../auth/principal.js';

export interface WorkDone {
  readonly activity: WorkActivity;
  readonly pictures: number;
  readonly boxes?: number;
}

const into = (condition: string): string => `
  INSERT INTO work_times (dataset_id, day, account, activity, active_ms, pictures, boxes) SELECT $1, ($2::timestamptz AT TIME ZONE 'UTC')::date, $3, $4, $5, $6, $7 WHERE ${condition}
  ON CONFLICT (dataset_id, day, account, activity) DO UPDATE SET active_ms = work_times.active_ms + EXCLUDED.active_ms, pictures = work_times.pictures + EXCLUDED.pictures, boxes = work_times.boxes + EXCLUDED.boxes`;

/** Adds to the day of an account. */
export async function addTime(manager: Pick<EntityManager, 'query'>, datasetId: DatasetId, account: string, activity: WorkActivity, activeMs: number, nowMs: number): Promise<void> {
  await manager.query(into('EXISTS (SELECT 1 FROM datasets WHERE id = $1)'), [datasetId, new Date(nowMs), account, activity, activeMs, 0, 0]);
}

/**
 * What came of work, where its time is measured: of sessions that told of it within the hour. A program does ten thousand pictures in no time, which would make people look quick; and where nothing is measured nothing is counted.
 */
export async function countWork(manager: Pick<EntityManager, 'query'>, datasetId: DatasetId, { sessionId, id }: Pick<Principal, 'sessionId' | 'id'>, { activity, pictures, boxes = 0 }: WorkDone, nowMs: number): Promise<void> {
  if (sessionId === null || pictures === 0) return;
  await manager.query(into(`EXISTS (SELECT 1 FROM datasets WHERE id = $1) AND EXISTS (SELECT 1 FROM sessions WHERE id = $8 AND work_reported_at > $2::timestamptz - interval '1 hour')`), [datasetId, new Date(nowMs), id, activity, 0, pictures, boxes, sessionId]);
}
