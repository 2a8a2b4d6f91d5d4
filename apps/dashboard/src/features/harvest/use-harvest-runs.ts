import { isOpen } from '../../app/is-open.js';
import type { HarvestRecipeId, HarvestRun, Page } from '@argus/contracts';
import { useCall } from '../../app/calls.js';

/** Workers change runs and tell nobody: as often as a person looks while one is at work, else so that one that began by itself is seen soon. */
const BUSY_MS = 1000;
const CALM_MS = 5000;
/** A daily harvest fills this page in a season; older runs are of no interest but for the last one of a recipe. */
const MOST = 100;

export const askOften = ({ state: { data } }: { readonly state: { readonly data?: unknown } }): number => ((data as Page<HarvestRun> | undefined)?.items.some(isOpen) ? BUSY_MS : CALM_MS);

/** The newest runs of all recipes. */
export const useHarvestRuns = () => useCall('listHarvestRuns', { query: { limit: MOST } }, { refetchInterval: askOften });

/** The last run of a recipe; undefined: not known yet, null: there was none. */
export function useLastRun(id: HarvestRecipeId): HarvestRun | null | undefined {
  const runs = useHarvestRuns().data;
  const near = runs?.items.find(({ recipeId }) => recipeId === id);
  const isFar = runs !== undefined && near === undefined && runs.nextCursor !== null;
  const far = useCall('listHarvestRuns', { query: { recipe: id, limit: 1 } }, { enabled: isFar }).data;
  if (near) return near;
  return isFar ? far && (far.items[0] ?? null) : runs && null;
}
