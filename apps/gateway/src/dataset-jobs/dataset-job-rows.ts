import { DatasetJobOptions, type DatasetJob, type DatasetJobSummary } from '@argus/contracts';
import type { DatasetJobEntity } from '@argus/database';

export function summaryOf({ id, datasetId, options, state, progress, problem, createdBy, createdAt, startedAt, endedAt }: Omit<DatasetJobEntity, 'result'>): DatasetJobSummary {
  return {
    id, datasetId, state, problem, createdBy,
    options: DatasetJobOptions.parse(options),
    progress: { ...progress, secondsLeft: state === 'running' ? progress.secondsLeft : null },
    createdAt: createdAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    endedAt: endedAt?.toISOString() ?? null,
  };
}

export const jobOf = (row: DatasetJobEntity): DatasetJob => ({ ...summaryOf(row), result: row.result });
