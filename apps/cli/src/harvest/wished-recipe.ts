import type { ApiClient } from '@argus/api-client';
import type { HarvestRecipe, UploadId } from '@argus/contracts';
import { refuseExtra, type Terminal } from '../command.js';
import { clientOf, type GatewayAccess } from '../connection/gateway-access.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { UploadMemory } from '../dataset/upload-memory.js';
import { UsageError } from '../errors.js';
import { recipeFlags, recipeOfFile, recipeOfFlags, type RecipeValues } from './recipe-options.js';
import { uploadVideos } from './upload-videos.js';

/** Stands for uploads until they are sent. */
const SOME = '00000000-0000-7000-8000-000000000000' as UploadId;

/** A recipe by flags, or out of a file; never both. `connect` is called once the flags are understood; then videos are sent. */
export async function wishedRecipe(values: RecipeValues, positionals: readonly string[], terminal: Pick<Terminal, 'cwd' | 'env' | 'err'>, connect: () => Promise<GatewayAccess>): Promise<{ client: ApiClient; recipe: HarvestRecipe }> {
  // A shell writes the files of `--upload *.mp4` one after the other.
  const uploads = values.upload === undefined ? null : [...values.upload, ...positionals];
  if (uploads === null) refuseExtra(positionals, 1);
  const [file] = uploads === null ? positionals : [];
  const flags = recipeFlags(values);
  if (file !== undefined) {
    if (flags.length > 0) throw new UsageError(`expected either a file or flags, got "${file}" and --${flags[0] as string}`);
    const recipe = await recipeOfFile(file, terminal.cwd);
    return { client: clientOf(await connect()), recipe };
  }
  recipeOfFlags(values, null, [SOME]);
  const access = await connect();
  const client = clientOf(access);
  const datasetId = values.dataset === undefined ? null : (await datasetNamed(client, values.dataset)).id;
  const uploadIds = uploads === null ? [] : await uploadVideos(access, uploads, { cwd: terminal.cwd, memory: UploadMemory.of(terminal.env), say: (line) => terminal.err(line) });
  return { client, recipe: recipeOfFlags(values, datasetId, uploadIds) };
}
