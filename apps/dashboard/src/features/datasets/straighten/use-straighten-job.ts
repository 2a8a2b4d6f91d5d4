import type { DatasetId, DatasetJob, DatasetJobOptions, DatasetJobResult } from '@argus/contracts';
import { useState } from 'react';
import { refresh } from '../../../app/calls.js';
import { client, forgetLostSession } from '../../../app/client.js';
import { isOpen } from '../../../app/is-open.js';
import { useToasts } from '../../../ui/toasts.js';

export type Straightened = Extract<DatasetJobResult, { kind: 'transform' }>;

/** Somebody waits for it. */
const ASK_EVERY_MS = 250;

/** Has the worker make it, and waits: another job of the set may be before it. */
export function useStraightenJob(id: DatasetId, onMade: (result: Straightened) => void) {
  const toasts = useToasts();
  const [state, setState] = useState<'queued' | 'running' | null>(null);
  const make = async (body: DatasetJobOptions) => {
    setState('queued');
    try {
      let job: DatasetJob = await client.call('createDatasetJob', { params: { id }, body });
      while (isOpen(job)) {
        setState(job.state === 'running' ? 'running' : 'queued');
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
        job = await client.call('getDatasetJob', { params: { id: job.id } });
      }
      const { result } = job;
      const problem = job.problem ?? (result?.kind === 'transform' ? result.troubles[0]?.problem : undefined);
      if (result?.kind !== 'transform' || problem !== undefined) throw new Error(problem ?? job.state);
      onMade(result);
    } catch (error) {
      forgetLostSession(error);
      toasts.fail(error);
    } finally {
      setState(null);
      refresh(['getDataset', 'listDatasets', 'listDatasetJobs', 'getDatasetMatrix', 'getDatasetStatistics']);
    }
  };
  return { state, make };
}
