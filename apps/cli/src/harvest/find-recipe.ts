import type { ApiClient } from '@argus/api-client';
import type { Dataset, HarvestRun, SavedHarvestRecipe } from '@argus/contracts';
import { allPages } from '../connection/all-pages.js';
import { NotFoundError } from '../errors.js';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As the gateway compares names of recipes and sets. */
const fold = (name: string): string => name.trim().normalize('NFKC').toLowerCase();

/** By its name or id. */
export async function findRecipe(client: ApiClient, wanted: string): Promise<SavedHarvestRecipe> {
  const recipes = await allPages((query) => client.call('listHarvestRecipes', { query }));
  return oneNamed(recipes, wanted, 'recipe', '"argus harvest list" shows');
}

/** A run by its id, or the last one of a recipe by the recipe's name or id. */
export async function findRun(client: ApiClient, wanted: string): Promise<HarvestRun> {
  const recipes = await allPages((query) => client.call('listHarvestRecipes', { query }));
  const isRecipe = recipes.some(({ id, name }) => id === wanted || fold(name) === fold(wanted));
  if (!isRecipe && ID.test(wanted)) return client.call('getHarvestRun', { params: { id: wanted } });
  const recipe = oneNamed(recipes, wanted, 'recipe', '"argus harvest list" shows');
  const [last] = (await client.call('listHarvestRuns', { query: { recipe: recipe.id, limit: 1 } })).items;
  if (!last) throw new NotFoundError(`the recipe "${recipe.name}" never ran; "argus harvest run" begins it`);
  return last;
}

/** By its name or id. */
export async function findDataset(client: ApiClient, wanted: string): Promise<Dataset> {
  const sets = await allPages((query) => client.call('listDatasets', { query }));
  return oneNamed(sets, wanted, 'set', 'without --dataset the first run makes one; there are');
}

function oneNamed<T extends { readonly id: string; readonly name: string }>(all: readonly T[], wanted: string, noun: string, remedy: string): T {
  const found = all.find(({ id }) => id === wanted) ?? all.find(({ name }) => fold(name) === fold(wanted));
  if (!found) throw new NotFoundError(`no ${noun} has the name or id "${wanted}"; ${remedy} ${all.length === 0 ? 'none' : `all ${all.length}: ${all.slice(0, 5).map(({ name }) => `"${name}"`).join(', ')}${all.length > 5 ? ' …' : ''}`}`);
  return found;
}
