import type { ApiClient } from '@argus/api-client';
import { legible, targetOf, type HarvestRun } from '@argus/contracts';
import { follow, isOpen } from '../follow.js';
import { spanOf } from '../text/span-of.js';

/** Waits until a run is over, and says how far it is whenever that changed. */
export function followRun(client: ApiClient, id: HarvestRun['id'], say: (line: string) => void): Promise<HarvestRun> {
  return follow(() => client.call('getHarvestRun', { params: { id } }), isOpen, progressLine, say);
}

/** `12 of 48 files, 340 pictures, 0:00:30 left`. */
function progressLine({ state, segments: { total, done, failed, rejected }, samples: { added }, secondsLeft }: HarvestRun): string {
  if (state === 'queued') return 'Waits for a worker …';
  return `${done + failed + rejected} of ${total} files, ${added} pictures${secondsLeft === null ? '' : `, ${spanOf(secondsLeft * 1000)} left`}`;
}

/** What became of a run, in lines. */
export function outcomeLines({ id, state, segments, samples: { added, known, near }, bytes, datasetId, problem, troubles, recipe }: HarvestRun): string[] {
  const left = known + near > 0 ? ` Left out: ${known} that were there already, ${near} nearly the same.` : '';
  return [
    `Run ${id} is ${state}: ${added} pictures (${(bytes / 1e6).toFixed(1)} MB) of ${segments.done} files.${left}`,
    ...(problem === null ? [] : [`Why: ${problem}`]),
    ...(segments.rejected > 0 ? [`${segments.rejected} files are smaller than the limit, and left out.`] : []),
    ...(segments.failed > 0 ? [`${segments.failed} files could not be read:`, ...troubles.slice(0, 10).map(({ video, problem: why }) => legible(`  ${video}: ${why}`))] : []),
    ...(datasetId !== null ? [`Set: ${datasetId}`] : targetOf(recipe) === 'matrix' ? [`Sets: one for each camera or group, tagged "${recipe.name}"`] : []),
  ];
}
