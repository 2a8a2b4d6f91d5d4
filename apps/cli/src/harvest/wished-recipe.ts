import type { ApiClient } from '@argus/api-client';
import type { HarvestRecipe } from '@argus/contracts';
import { refuseExtra } from '../command.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { UsageError } from '../errors.js';
import { recipeFlags, recipeOfFile, recipeOfFlags, type RecipeValues } from './recipe-options.js';

/** A recipe by flags, or out of a file; never both. `connect` is called once the flags are understood. */
export async function wishedRecipe(values: RecipeValues, positionals: readonly string[], cwd: string, connect: () => Promise<ApiClient>): Promise<{ client: ApiClient; recipe: HarvestRecipe }> {
  refuseExtra(positionals, 1);
  const [file] = positionals;
  const flags = recipeFlags(values);
  if (file !== undefined) {
    if (flags.length > 0) throw new UsageError(`expected either a file or flags, got "${file}" and --${flags[0] as string}`);
    const recipe = await recipeOfFile(file, cwd);
    return { client: await connect(), recipe };
  }
  recipeOfFlags(values, null);
  const client = await connect();
  return { client, recipe: recipeOfFlags(values, values.dataset === undefined ? null : (await datasetNamed(client, values.dataset)).id) };
}
