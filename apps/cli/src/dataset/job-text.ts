import type { DatasetJob } from '@argus/contracts';
import { spanOf } from '../text/span-of.js';

export function jobProgress({ state, progress: { done, total, secondsLeft } }: Pick<DatasetJob, 'state' | 'progress'>): string {
  if (state === 'queued') return 'waiting for its turn';
  return `${state}, ${done} of ${total} pictures${secondsLeft === null ? '' : `, ${spanOf(secondsLeft * 1000)} left`}`;
}

/** What came out, a line each; long lists only by their length. */
export function resultLines(result: NonNullable<DatasetJob['result']>): string[] {
  return Object.entries(result)
    .filter(([key]) => key !== 'kind')
    .map(([key, value]) => `${key}: ${Array.isArray(value) && value.length > 3 ? `${value.length}, the first is ${JSON.stringify(value[0])}; --json shows all` : typeof value === 'string' ? value : JSON.stringify(value, shortLists)}`);
}

const shortLists = (_key: string, value: unknown): unknown => (Array.isArray(value) && value.length > 3 ? [...value.slice(0, 3), `and ${value.length - 3} more`] : value);
