import { SPLITS } from '@argus/contracts';
import { touchDataset } from './change-set.js';
import type { RunKind } from './job-in-hand.js';
import { measureMissing } from './measure-missing.js';
import { allSamples, countSamples, type SetSample } from './set-samples.js';

const MOST_LEAKS = 200;

/** Whole groups to train, val and test, and what is nearly in two of them. */
export const split: RunKind<'split'> = async (job) => {
  const { shares, seed, linked } = job.options;
  await job.expect(await countSamples(job.work.dataSource, job.datasetId), ['measure']);
  await measureMissing(job, 'quality');
  const samples: SetSample[] = [];
  for await (const sample of allSamples(job.work.dataSource, job.datasetId)) samples.push(sample);
  const hashed = Int32Array.from([...samples.entries()].flatMap(([row, { phash }]) => (phash === null ? [] : [row])));
  const order = { groups: samples.map(({ group }) => group), labels: samples.map(({ labels }) => labels), hashed, hashes: [...hashed].map((row) => (samples[row] as SetSample).phash as string), shares, seed, linked };
  const { splits, problems, leaks } = await job.process.call('split', order, job.signal);
  const hex = (row: number): string => (samples[row] as SetSample).sha256.toString('hex');
  return async (manager) => {
    const [, changed] = (await manager.query(
      'UPDATE dataset_samples AS s SET split = given.split FROM unnest($2::bytea[], $3::text[]) AS given (sha256, split) WHERE s.dataset_id = $1 AND s.sha256 = given.sha256 AND s.removed_at IS NULL AND s.split IS DISTINCT FROM given.split',
      [job.datasetId, samples.map(({ sha256 }) => sha256), splits],
    )) as [unknown[], number];
    if (changed > 0) await touchDataset(manager, job.datasetId);
    const [train, val, test] = SPLITS.map((name) => splits.filter((one) => one === name).length) as [number, number, number];
    return { kind: 'split', samples: { train, val, test }, problems: [...problems], leaks: { count: leaks.length, list: leaks.slice(0, MOST_LEAKS).map(({ row, other, bits }) => ({ sample: hex(row), other: hex(other), bits })) }, troubles: job.troubles };
  };
};
