import type { ApiClient } from '@argus/api-client';
import type { Dataset } from '@argus/contracts';
import { allPages } from '../connection/all-pages.js';
import { NotFoundError } from '../errors.js';

/** By name or id; no two have one name. @throws NotFoundError */
export async function datasetNamed(client: ApiClient, word: string): Promise<Dataset> {
  const all = await allPages((query) => client.call('listDatasets', { query }));
  const found = all.find(({ id }) => id === word) ?? all.find(({ name }) => keyOf(name) === keyOf(word));
  if (!found) throw new NotFoundError(`no sample set is named "${word}"; "argus dataset list" shows all ${all.length}`);
  return found;
}

/** As the server compares names. */
const keyOf = (name: string): string => name.normalize('NFKC').toLowerCase();
