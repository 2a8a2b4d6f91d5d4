import type { ApiClient } from '@argus/api-client';
import type { DatasetId, SavedHarvestRecipe } from '@argus/contracts';
import { allPages } from '../connection/all-pages.js';

/** What the sets of some recipes are called; the id of one that the caller may not see. */
export async function setNames(client: ApiClient, recipes: readonly Pick<SavedHarvestRecipe, 'datasetId'>[]): Promise<(id: DatasetId | null) => string | null> {
  const isNeeded = recipes.some(({ datasetId }) => datasetId !== null);
  const names = new Map(isNeeded ? (await allPages((query) => client.call('listDatasets', { query }))).map(({ id, name }) => [id, name]) : []);
  return (id) => (id === null ? null : (names.get(id) ?? id));
}
