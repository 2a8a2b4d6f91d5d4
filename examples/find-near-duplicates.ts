/**
 * @title Find the near duplicates of a set
 * @title:zh 查找样本集中的近似重复图片
 * @summary Looks for pictures that are nearly the same, prints which one of each group would stay, and takes nothing out unless --remove is given; what is taken out can be put back.
 * @summary:zh 查找几乎相同的图片，打印每组中会保留的一张；除非加 --remove，否则不移出任何图片，移出的也可恢复。
 * @keywords duplicates, near duplicates, perceptual hash, clean, 重复, 去重, 近似, 清理
 * @needs dataset.read, dataset.write
 * @run node examples/find-near-duplicates.ts Streets [--bits 8] [--remove]
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createApiClient } from '@argus/api-client';

const client = createApiClient({ baseUrl: process.env['ARGUS_URL'] ?? 'http://127.0.0.1:7300', token: process.env['ARGUS_API_KEY'] });
const { values, positionals: [name] } = parseArgs({ allowPositionals: true, options: { bits: { type: 'string', default: '8' }, remove: { type: 'boolean', default: false } } });
const { items: sets } = await client.call('listDatasets', { query: { limit: 500 } });
const set = sets.find((one) => one.name === name);
if (set === undefined) throw new Error(`expected the name of a sample set, got "${name ?? ''}"; there are: ${sets.map((one) => one.name).join(', ')}`);

// Perceptual hashes have 64 bits; pictures that differ in few of them look the same.
let job = await client.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'find-duplicates', how: 'near', bits: Number(values.bits), remove: values.remove } });
while (job.state === 'queued' || job.state === 'running') {
  await sleep(500);
  job = await client.call('getDatasetJob', { params: { id: job.id } });
}
if (job.result?.kind !== 'find-duplicates') throw new Error(`the job is ${job.state}: ${job.problem ?? 'nobody said why'}`);
const { groups, duplicates, removed, list } = job.result;
for (const { kept, others } of list) console.log(`keep ${kept.slice(0, 12)}, like it: ${others.map((sha256) => sha256.slice(0, 12)).join(' ')}`);
console.log(`${duplicates} near duplicates in ${groups} groups of ${set.counts.samples} pictures; ${removed} were taken out`);
