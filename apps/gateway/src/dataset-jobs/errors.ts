import type { DatasetJob } from '@argus/contracts';
import { ArgusError } from '@argus/kernel';

export class DatasetJobStateError extends ArgusError {
  readonly code = 'dataset-job.state';
  constructor(wanted: string, state: DatasetJob['state']) {
    super(`the job is ${state}; ${wanted}`, { state });
  }
}
