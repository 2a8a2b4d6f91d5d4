import type { ApiClient } from '@argus/api-client';
import type { DatasetJob } from '@argus/contracts';
import type { Terminal } from '../command.js';
import { ServiceFailedError } from '../errors.js';
import { follow, isOpen } from '../follow.js';
import { spanOf } from '../text/span-of.js';

/** Jobs on several sets as one: until the last has ended. @throws ServiceFailedError where one of them was not done, naming each */
export async function followJobs(client: ApiClient, begun: readonly DatasetJob[], terminal: Pick<Terminal, 'err'>): Promise<DatasetJob[]> {
  const jobs = [...begun];
  const ask = async (): Promise<DatasetJob[]> => {
    for (const [index, job] of jobs.entries()) if (isOpen(job)) jobs[index] = await client.call('getDatasetJob', { params: { id: job.id } });
    return jobs;
  };
  await follow(ask, () => jobs.some(isOpen), jobsProgress, (line) => terminal.err(line));
  terminal.err(jobsProgress(jobs));
  const lost = jobs.filter(({ state }) => state !== 'done');
  if (lost.length === 0) return jobs;
  throw new ServiceFailedError(`${lost.length} of ${jobs.length} jobs were not done: ${lost.map(({ id, state, problem }) => `${id} ${problem ?? state}`).join('; ')}`, { ids: lost.map(({ id }) => id) });
}

/** Pictures of all of them; sets that wait count once it is known how large they are. */
function jobsProgress(jobs: readonly Pick<DatasetJob, 'state' | 'progress'>[]): string {
  const sum = (of: (job: Pick<DatasetJob, 'state' | 'progress'>) => number): number => jobs.reduce((total, job) => total + of(job), 0);
  const ended = jobs.filter((job) => !isOpen(job)).length;
  const [left] = jobs.flatMap(({ progress }) => progress.secondsLeft ?? []);
  return `${ended} of ${jobs.length} sets, ${sum(({ progress }) => progress.done)} of ${sum(({ progress }) => progress.total)} pictures${left === undefined ? '' : `, ${spanOf(left * 1000)} left of the one at work`}`;
}
