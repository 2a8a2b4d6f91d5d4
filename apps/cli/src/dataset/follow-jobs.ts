import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiClient } from '@argus/api-client';
import type { DatasetJob } from '@argus/contracts';
import type { Terminal } from '../command.js';
import { ServiceFailedError } from '../errors.js';
import { spanOf } from '../text/span-of.js';

const ASK_EVERY_MS = 500;
const isOpen = ({ state }: Pick<DatasetJob, 'state'>): boolean => state === 'queued' || state === 'running';

/** Jobs on several sets as one: until the last has ended. @throws ServiceFailedError where one of them was not done, naming each */
export async function followJobs(client: ApiClient, begun: readonly DatasetJob[], terminal: Pick<Terminal, 'err'>): Promise<DatasetJob[]> {
  const jobs = [...begun];
  for (let said = ''; ; await sleep(ASK_EVERY_MS)) {
    for (const [index, job] of jobs.entries()) if (isOpen(job)) jobs[index] = await client.call('getDatasetJob', { params: { id: job.id } });
    const line = jobsProgress(jobs);
    if (line !== said) terminal.err(line);
    said = line;
    if (jobs.some(isOpen)) continue;
    const lost = jobs.filter(({ state }) => state !== 'done');
    if (lost.length === 0) return jobs;
    throw new ServiceFailedError(`${lost.length} of ${jobs.length} jobs were not done: ${lost.map(({ id, state, problem }) => `${id} ${problem ?? state}`).join('; ')}`, { ids: lost.map(({ id }) => id) });
  }
}

/** Pictures of all of them; sets that wait count once it is known how large they are. */
export function jobsProgress(jobs: readonly Pick<DatasetJob, 'state' | 'progress'>[]): string {
  const sum = (of: (job: Pick<DatasetJob, 'state' | 'progress'>) => number): number => jobs.reduce((total, job) => total + of(job), 0);
  const ended = jobs.filter((job) => !isOpen(job)).length;
  const [left] = jobs.flatMap(({ progress }) => progress.secondsLeft ?? []);
  return `${ended} of ${jobs.length} sets, ${sum(({ progress }) => progress.done)} of ${sum(({ progress }) => progress.total)} pictures${left === undefined ? '' : `, ${spanOf(left * 1000)} left of the one at work`}`;
}
