import type { HarvestRun, SampleSummary, SavedHarvestRecipe } from '@argus/contracts';
import { waitFor } from '@argus/testing';
import { expect } from 'vitest';
import type { Visitor } from './running-gateway.js';

export async function startRun(visitor: Visitor, { id }: Pick<SavedHarvestRecipe, 'id'>): Promise<HarvestRun> {
  const answer = await visitor.call('startHarvestRun', { params: { id } });
  expect([answer.status, answer.body.detail]).toEqual([200, undefined]);
  return answer.body as HarvestRun;
}

export function settledRun(visitor: Visitor, { id }: Pick<HarvestRun, 'id'>, state: HarvestRun['state'] = 'done'): Promise<HarvestRun> {
  let last: HarvestRun | undefined;
  return waitFor(async () => {
    last = (await visitor.call('getHarvestRun', { params: { id } })).body as HarvestRun;
    return last.state === state && last;
  }, 90_000, () => JSON.stringify(last));
}

/** All of the set that a run fills, page by page. */
export async function samplesOfRun(visitor: Visitor, { datasetId }: Pick<HarvestRun, 'datasetId'>): Promise<SampleSummary[]> {
  const all: SampleSummary[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { body } = await visitor.call('listSamples', { params: { id: datasetId as string }, query: { limit: '500', ...(cursor ? { cursor } : {}) } });
    all.push(...body.items);
    cursor = body.nextCursor;
  }
  return all;
}
