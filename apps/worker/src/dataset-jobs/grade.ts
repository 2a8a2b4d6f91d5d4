import { findUnlabelled, gradeGenerality } from '@argus/datasets';
import { embedMissing, openEmbedder } from './embed-missing.js';
import { inBatches } from './in-batches.js';
import type { JobOf, ResultOf, RunKind } from './job-in-hand.js';
import { countSamples, objectsOf } from './set-samples.js';
import { loadVectors } from './set-vectors.js';

type Unlabelled = NonNullable<ResultOf<'grade'>['unlabelled']>;

const MOST_LISTED = 500;
const MOST_GROUPS = 1000;

/** What a model made of the set would be good for, how many scenes it shows, and what nobody has labelled. */
export const grade: RunKind<'grade'> = async (job) => {
  const { model, scenes: wanted, rules } = job.options;
  await job.expect(await countSamples(job.work.dataSource, job.datasetId), model === null ? ['embed'] : ['embed', 'unlabelled']);
  const embedder = await openEmbedder(job);
  await embedMissing(job, embedder);
  const detector = model === null ? null : await job.work.models.require(model, 'detect');
  const unlabelled = detector && (await lookForUnlabelled(job, detector.path, await labelsToFind(job, detector.manifest.labels)));
  const { samples, wholes, groups, groupNames } = await loadVectors(job, embedder);
  const { scenes, effectiveScenes, inLargest, chanceOfNew, advice, byGroup } = await job.process.call('scenes', { vectors: wholes, groups, wanted }, job.signal);
  const facts = { samples: samples.length, scenes, boxes: samples.reduce((sum, sample) => sum + objectsOf(sample).length, 0), complete: samples.filter(({ complete }) => complete).length };
  const { grade: name, reasons } = gradeGenerality(facts, rules);
  const perGroup = [...byGroup].map(([group, count]) => ({ group: groupNames[group] ?? '', scenes: count })).slice(0, MOST_GROUPS);
  return async () => ({
    kind: 'grade', grade: name, reasons: [...reasons], samples: facts.samples, boxes: facts.boxes, complete: facts.complete, wantedScenes: wanted,
    scenes: { count: scenes, effective: effectiveScenes, inLargest, chanceOfNew, advice, byGroup: perGroup },
    unlabelled,
    troubles: job.troubles,
  });
};

/** What the set is about, as far as the model knows it: who labels people does not miss benches. Where names have nothing in common, everything. */
async function labelsToFind({ work, datasetId }: JobOf<'grade'>, known: readonly string[]): Promise<string[]> {
  const [row] = (await work.dataSource.query(`SELECT coalesce(goal->'labels', '[]') AS goal, ARRAY(SELECT DISTINCT label FROM dataset_samples, unnest(labels) AS label WHERE dataset_id = $1 AND removed_at IS NULL) AS labelled FROM datasets WHERE id = $1`, [datasetId])) as { goal: string[]; labelled: string[] }[];
  const wanted = new Set([...(row?.goal ?? []), ...(row?.labelled ?? [])]);
  return known.filter((label) => wanted.has(label));
}

/** In samples of which somebody said that all is labelled: what is missing there teaches that it is nothing. */
function lookForUnlabelled(job: JobOf<'grade'>, model: string, labels: readonly string[]): Promise<Unlabelled> {
  const { minScore } = job.options;
  return inBatches<Unlabelled, Unlabelled['list'][number]>(job, {
    name: 'unlabelled',
    tally: { samples: 0, boxes: 0, list: [] },
    async look(sample) {
      if (!sample.complete) return null;
      const sha256 = sample.sha256.toString('hex');
      const seen = await job.look(sha256, (content) => job.process.call('detect', { content, model, minScore, tiling: null }, job.signal));
      const ignored = sample.annotations.filter(({ kind }) => kind === 'ignore').map(({ box }) => box);
      const found = findUnlabelled(objectsOf(sample).map(({ box }) => box), ignored, seen ?? [], { leastScore: minScore, labels });
      return found.length === 0 ? null : { sha256, found };
    },
    write: async (_manager, made, { samples, boxes, list }) => ({ samples: samples + made.length, boxes: boxes + made.reduce((sum, { found }) => sum + found.length, 0), list: [...list, ...made].slice(0, MOST_LISTED) }),
  });
}
