import type { CameraScope, PipelineView, Warning } from '@argus/contracts';
import { CameraEntity, ModelEntity, RuleEntity, type PipelineEntity } from '@argus/database';
import type { EntityManager } from 'typeorm';
import { pipelineWarnings } from './pipeline-warnings.js';

/** Pipelines as somebody may see them: warnings name cameras and rules, so they are for those who see all cameras. */
export async function pipelineViews(rows: readonly PipelineEntity[], scope: CameraScope, manager: EntityManager): Promise<PipelineView[]> {
  if (scope !== null) return rows.map((row) => viewOf(row, [], scope));
  const models = (await manager.find(ModelEntity)).map((row) => row.summary);
  // No list of models yet: the engine has never run, and every model would seem to be missing.
  if (models.length === 0) return rows.map((row) => viewOf(row, [], scope));
  const [cameras, rules] = [await manager.find(CameraEntity, { order: { id: 'ASC' } }), await manager.find(RuleEntity, { order: { id: 'ASC' } })];
  return rows.map((row) => viewOf(row, pipelineWarnings(row, { cameras, rules, models }), scope));
}

function viewOf({ createdAt, updatedAt, rollout, ...settings }: PipelineEntity, warnings: Warning[], scope: CameraScope): PipelineView {
  const seen = rollout && { ...rollout, canaryCameraIds: scope === null ? rollout.canaryCameraIds : rollout.canaryCameraIds.filter((id) => scope.includes(id)) };
  return { ...settings, rollout: seen, warnings, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
