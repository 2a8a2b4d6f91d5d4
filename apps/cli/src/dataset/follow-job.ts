import type { ApiClient } from '@argus/api-client';
import type { DatasetJob } from '@argus/contracts';
import type { Terminal } from '../command.js';
import { ServiceFailedError } from '../errors.js';
import { follow, isOpen } from '../follow.js';
import { jobProgress } from './job-text.js';

/** Until its end. @throws ServiceFailedError where it was none that was wished for */
export async function followJob(client: ApiClient, { id }: Pick<DatasetJob, 'id'>, terminal: Pick<Terminal, 'err'>): Promise<DatasetJob> {
  const job = await follow(() => client.call('getDatasetJob', { params: { id } }), isOpen, jobProgress, (line) => terminal.err(line));
  if (job.state === 'failed') throw new ServiceFailedError(`the job failed: ${job.problem ?? 'nobody said why'}`, { id });
  if (job.state === 'cancelled') throw new ServiceFailedError('somebody stopped the job', { id });
  return job;
}
