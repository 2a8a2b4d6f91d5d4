/**
 * @title Compare two versions of a set
 * @title:zh 比较样本集的两个版本
 * @summary Seals the set as it is now, compares the two newest versions, and prints which samples and how many annotations of each label came and went: what a model learnt anew.
 * @summary:zh 封存当前样本集，比较最新的两个版本，打印增减的样本和各类别标注数量：即模型新学到的内容。
 * @keywords version, compare, difference, reproducible, digest, 版本, 比较, 差异, 可复现
 * @needs dataset.read, dataset.write
 * @run node examples/compare-versions.ts Streets
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createApiClient } from '@argus/api-client';
import type { DatasetId, DatasetJobOptions, DatasetJobResult } from '@argus/contracts';

const client = createApiClient({ baseUrl: process.env['ARGUS_URL'] ?? 'http://127.0.0.1:7300', token: process.env['ARGUS_API_KEY'] });
const [name] = process.argv.slice(2);
const { items: sets } = await client.call('listDatasets', { query: { limit: 500 } });
const set = sets.find((one) => one.name === name);
if (set === undefined) throw new Error(`expected the name of a sample set, got "${name ?? ''}"; there are: ${sets.map((one) => one.name).join(', ')}`);

async function work(id: DatasetId, body: DatasetJobOptions): Promise<DatasetJobResult | null> {
  let job = await client.call('createDatasetJob', { params: { id }, body });
  while (job.state === 'queued' || job.state === 'running') {
    await sleep(500);
    job = await client.call('getDatasetJob', { params: { id: job.id } });
  }
  if (job.state !== 'done') throw new Error(`the job "${body.kind}" is ${job.state}: ${job.problem ?? 'nobody said why'}`);
  return job.result;
}

// Named by its content: a set that has not changed has the same version as before.
const sealed = await work(set.id, { kind: 'version', message: 'by an example' });
if (sealed?.kind === 'version') console.log(`now: ${sealed.digest.slice(0, 12)}${sealed.isNew ? '' : ', as before'}`);
const [newer, older] = await client.call('listDatasetVersions', { params: { id: set.id } });
if (newer === undefined || older === undefined) console.log('there is only one version; change the set and run this again');
else {
  const found = await work(set.id, { kind: 'compare-versions', from: older.digest, to: newer.digest });
  if (found?.kind !== 'compare-versions') throw new Error('expected a comparison');
  console.log(`${older.digest.slice(0, 12)} -> ${newer.digest.slice(0, 12)}: ${found.added} added, ${found.changed} changed, ${found.removed} removed`);
  for (const { label, before, after } of found.labels) console.log(`  ${label}: ${before} -> ${after}`);
}
