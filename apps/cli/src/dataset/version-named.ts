import type { ApiClient } from '@argus/api-client';
import type { DatasetId, DatasetVersion } from '@argus/contracts';
import { NotFoundError, UsageError } from '../errors.js';

/** By its digest or the beginning of it. @throws NotFoundError, and UsageError where several begin so */
export async function versionNamed(client: ApiClient, id: DatasetId, word: string): Promise<DatasetVersion> {
  if (!/^[0-9a-f]{4,64}$/.test(word)) throw new UsageError(`expected the digest of a version, or its first four signs or more, as "argus dataset versions SET" shows it, got "${word}"`);
  const all = await client.call('listDatasetVersions', { params: { id } });
  const [found, other] = all.filter(({ digest }) => digest.startsWith(word));
  if (!found) throw new NotFoundError(`no version begins with "${word}"; "argus dataset versions SET" shows all ${all.length}`);
  if (other) throw new UsageError(`several versions begin with "${word}"; give more of the digest`);
  return found;
}
