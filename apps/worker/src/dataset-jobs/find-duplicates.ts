import { DEFAULT_GOAL, sharpnessScore } from '@argus/datasets';
import { touchDataset } from './change-set.js';
import type { DuplicatesOrder } from './child/compare-set.js';
import { embedMissing, openEmbedder } from './embed-missing.js';
import type { JobOf, RunKind } from './job-in-hand.js';
import { measureMissing } from './measure-missing.js';
import { allSamples, countSamples, isByPerson, type SetSample } from './set-samples.js';
import { loadVectors } from './set-vectors.js';

const MOST_GROUPS = 500;
const MOST_IN_GROUP = 100;
/** What people have worked on is kept before what is merely sharper or larger. */
const LABELLED = 1e12;

/** Samples that repeat each other: the best of each stays. */
export const findDuplicates: RunKind<'find-duplicates'> = async (job) => {
  const { remove } = job.options;
  const { samples, order } = await compared(job);
  const keepers = await job.process.call('duplicates', order, job.signal);
  const others = new Map<number, number[]>();
  for (const [row, keeper] of keepers.entries()) if (keeper !== row) others.set(keeper, [...(others.get(keeper) ?? []), row]);
  const digestOf = (row: number): Buffer => (samples[row] as SetSample).sha256;
  const groups = [...others].sort(([a, ones], [b, more]) => more.length - ones.length || a - b);
  const dropped = groups.flatMap(([, rows]) => rows.map(digestOf));
  const list = groups.slice(0, MOST_GROUPS).map(([keeper, rows]) => ({ kept: digestOf(keeper).toString('hex'), others: rows.slice(0, MOST_IN_GROUP).map((row) => digestOf(row).toString('hex')) }));
  return async (manager) => {
    let removed = 0;
    if (remove && dropped.length > 0) {
      [, removed] = (await manager.query('UPDATE dataset_samples SET removed_at = now() WHERE dataset_id = $1 AND sha256 = ANY ($2) AND removed_at IS NULL', [job.datasetId, dropped])) as [unknown[], number];
      await touchDataset(manager, job.datasetId);
    }
    return { kind: 'find-duplicates', groups: groups.length, duplicates: dropped.length, removed, list, troubles: job.troubles };
  };
};

/** What is compared, after what was not known of it was found out. */
async function compared(job: JobOf<'find-duplicates'>): Promise<{ samples: readonly SetSample[]; order: DuplicatesOrder }> {
  const { how, bits, epsilon } = job.options;
  const count = await countSamples(job.work.dataSource, job.datasetId);
  if (how === 'semantic') {
    await job.expect(count, ['embed']);
    const embedder = await openEmbedder(job);
    await embedMissing(job, embedder);
    const { samples, wholes } = await loadVectors(job, embedder);
    return { samples, order: { how, vectors: wholes, epsilon, quality: Float64Array.from(samples, worthOf) } };
  }
  await job.expect(count, ['measure']);
  await measureMissing(job, how === 'exact' ? 'rgb' : 'quality');
  const all: SetSample[] = [];
  for await (const sample of allSamples(job.work.dataSource, job.datasetId)) if ((how === 'exact' ? sample.rgb : sample.phash) !== null) all.push(sample);
  const quality = Float64Array.from(all, worthOf);
  return { samples: all, order: how === 'exact' ? { how, keys: all.map(({ rgb }) => rgb?.toString('hex') ?? null), quality } : { how, hashes: all.map(({ phash }) => phash as string), bits, quality } };
}

function worthOf({ complete, annotations, width, height, sharpness }: SetSample): number {
  return (complete || annotations.some(isByPerson) ? LABELLED : 0) + width * height * (sharpness === null ? 0.5 : sharpnessScore(sharpness, DEFAULT_GOAL.halfSharpness));
}
