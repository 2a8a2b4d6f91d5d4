import type { ApiClient } from '@argus/api-client';
import type { HarvestRun, SavedHarvestRecipe } from '@argus/contracts';
import { allPages } from '../connection/all-pages.js';
import { NotFoundError } from '../errors.js';

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** As the gateway compares names. */
const fold = (name: string): string => name.trim().normalize('NFKC').toLowerCase();

/** By its name or id. @throws NotFoundError */
export async function recipeNamed(client: ApiClient, wanted: string): Promise<SavedHarvestRecipe> {
  const recipes = await allPages((query) => client.call('listHarvestRecipes', { query }));
  return named(recipes, wanted);
}

/** A run by its id, or the last one of a recipe by the recipe's name or id. @throws NotFoundError */
export async function runNamed(client: ApiClient, wanted: string): Promise<HarvestRun> {
  const recipes = await allPages((query) => client.call('listHarvestRecipes', { query }));
  const isRecipe = recipes.some(({ id, name }) => id === wanted || fold(name) === fold(wanted));
  if (!isRecipe && ID.test(wanted)) return client.call('getHarvestRun', { params: { id: wanted } });
  const recipe = named(recipes, wanted);
  const [last] = (await client.call('listHarvestRuns', { query: { recipe: recipe.id, limit: 1 } })).items;
  if (!last) throw new NotFoundError(`the recipe "${recipe.name}" never ran; "argus harvest run" begins it`);
  return last;
}

function named(recipes: readonly SavedHarvestRecipe[], wanted: string): SavedHarvestRecipe {
  const found = recipes.find(({ id }) => id === wanted) ?? recipes.find(({ name }) => fold(name) === fold(wanted));
  if (!found) throw new NotFoundError(`no recipe has the name or id "${wanted}"; "argus harvest list" shows all ${recipes.length}`);
  return found;
}
