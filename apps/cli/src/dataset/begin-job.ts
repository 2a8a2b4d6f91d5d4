import type { ApiClient } from '@argus/api-client';
import type { DatasetId, DatasetJob, DatasetJobOptions } from '@argus/contracts';
import type { Terminal } from '../command.js';
import { followJob } from './follow-job.js';
import { jobProgress, resultLines } from './job-text.js';

export async function beginJob(client: ApiClient, id: DatasetId, body: DatasetJobOptions, follow: boolean | undefined, terminal: Terminal): Promise<DatasetJob> {
  const begun = await client.call('createDatasetJob', { params: { id }, body });
  return follow ? followJob(client, begun, terminal) : begun;
}

export function tellJob(job: DatasetJob, json: boolean | undefined, terminal: Terminal): void {
  if (json) terminal.out(JSON.stringify(job, null, 2));
  else for (const line of job.result === null ? [`${job.options.kind} ${job.id}: ${jobProgress(job)}`] : resultLines(job.result)) terminal.out(line);
}
