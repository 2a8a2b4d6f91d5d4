import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '@argus/api-client';
import type { DatasetJob } from '@argus/contracts';
import type { Terminal } from '../command.js';
import { ServiceFailedError } from '../errors.js';
import { jobProgress } from './job-text.js';

const ASK_EVERY_MS = 500;

/** Until its end. @throws ServiceFailedError where it was none that was wished for */
export async function followJob(client: ApiClient, { id }: Pick<DatasetJob, 'id'>, terminal: Pick<Terminal, 'err'>): Promise<DatasetJob> {
  for (let said = ''; ; await sleep(ASK_EVERY_MS)) {
    const job = await client.call('getDatasetJob', { params: { id } });
    if (job.state === 'done') return job;
    if (job.state === 'failed') throw new ServiceFailedError(`the job failed: ${job.problem ?? 'nobody said why'}`, { id });
    if (job.state === 'cancelled') throw new ServiceFailedError('somebody stopped the job', { id });
    const line = jobProgress(job);
    if (line !== said) terminal.err(line);
    said = line;
  }
}
