import type { DatasetId, Goal } from '@argus/contracts';
import { COPIED_COLUMNS, findLabelling } from '@argus/database';
import { easeOf, estimateLabour, lightFit, measuredRates, pictureValue, profileOf, sharpnessScore, type GoalProfile, type LabourRates } from '@argus/datasets';
import type { EntityManager } from 'typeorm';
import { inheritCameras, touchDataset } from './change-set.js';
import { embedMissing, openEmbedder } from './embed-missing.js';
import type { JobInHand, OptionsOf, RunKind } from './job-in-hand.js';
import { countSamples, isByPerson, objectsOf, type SetSample } from './set-samples.js';
import { loadVectors } from './set-vectors.js';

/** Chooses samples that differ from each other and from what is labelled already. */
export const pickDiverse: RunKind<'pick-diverse'> = async (job) => {
  const { count, perGroup, minDistance, weights, target } = job.options;
  await job.expect(await countSamples(job.work.dataSource, job.datasetId), ['embed']);
  const embedder = await openEmbedder(job);
  await embedMissing(job, embedder);
  const { samples, wholes, backgrounds, groups } = await loadVectors(job, embedder);
  const goal = profileOf(job.options.goal ?? (await goalOf(job)));
  const rates = measuredRates(await findLabelling(job.work.dataSource, job.datasetId));
  const taken = await alreadyIn(job, target);
  const given = Int32Array.from([...samples.entries()].flatMap(([row, sample]) => (isLabelled(sample) || taken.has(sample.sha256.toString('hex')) ? [row] : [])));
  const order = { vectors: wholes, backgrounds, groups, given, count, quota: perGroup, minDistance, weights, ease: Float32Array.from(samples, (sample) => easinessOf(sample, rates)), quality: Float32Array.from(samples, (sample) => qualityOf(sample, goal)), uncertainty: Float32Array.from(samples, doubtOf) };
  const { rows, ended, chosen, uniform } = await job.process.call('pick', order, job.signal);
  const digests = [...rows].map((row) => (samples[row] as SetSample).sha256);
  return async (manager) => ({
    kind: 'pick-diverse',
    sha256s: digests.map((digest) => digest.toString('hex')),
    ended,
    coverage: { chosen, uniform },
    changed: await apply(manager, job.datasetId, target, digests),
    troubles: job.troubles,
  });
};

const isLabelled = ({ complete, annotations }: SetSample): boolean => complete || annotations.some(isByPerson);
const easinessOf = (sample: SetSample, rates: LabourRates): number => easeOf(estimateLabour(objectsOf(sample).length, 0, rates));
/** How good its examples of what is wanted are; where nothing is known to be in it, how good the picture is. */
function qualityOf(sample: SetSample, goal: GoalProfile): number {
  const { width, height, sharpness, brightness } = sample;
  const objects = objectsOf(sample);
  if (objects.length > 0) return pictureValue({ width, height, sharpness, brightness, objects }, goal).quality;
  return (sharpness === null ? 1 : sharpnessScore(sharpness, goal.halfSharpness)) * lightFit(brightness, goal);
}

async function goalOf({ work, datasetId }: JobInHand): Promise<Goal | null> {
  const [row] = (await work.dataSource.query('SELECT goal FROM datasets WHERE id = $1', [datasetId])) as { goal: Goal | null }[];
  return row?.goal ?? null;
}

/** How unsure the model was of its boxes: 1 at a score of a half. Where it saw nothing, or did not look, nothing is taken off. */
function doubtOf({ annotations }: SetSample): number {
  const scores = annotations.flatMap(({ state, score }) => (state === 'auto' && score !== null ? [score] : []));
  return scores.length === 0 ? 1 : scores.reduce((sum, score) => sum + 1 - Math.abs(2 * score - 1), 0) / scores.length;
}

/** What the other set has is not to be had again. */
async function alreadyIn({ work, datasetId }: JobInHand, target: OptionsOf<'pick-diverse'>['target']): Promise<Set<string>> {
  if (target.kind !== 'copy') return new Set();
  const rows = (await work.dataSource.query('SELECT sha256 FROM dataset_samples WHERE dataset_id = $1 AND removed_at IS NULL AND sha256 IN (SELECT sha256 FROM dataset_samples WHERE dataset_id = $2)', [target.into, datasetId])) as { sha256: Buffer }[];
  return new Set(rows.map(({ sha256 }) => sha256.toString('hex')));
}

/** How many samples it changed. */
async function apply(manager: EntityManager, datasetId: DatasetId, target: OptionsOf<'pick-diverse'>['target'], digests: readonly Buffer[]): Promise<number> {
  if (target.kind === 'list' || digests.length === 0) return 0;
  if (target.kind === 'focus') {
    const [, changed] = (await manager.query('UPDATE dataset_samples SET focus = true WHERE dataset_id = $1 AND sha256 = ANY ($2) AND removed_at IS NULL AND NOT focus', [datasetId, digests])) as [unknown[], number];
    if (changed > 0) await touchDataset(manager, datasetId);
    return changed;
  }
  const rows = (await manager.query(
    `INSERT INTO dataset_samples (dataset_id, sha256, ${COPIED_COLUMNS}, added_at) SELECT $1, sha256, ${COPIED_COLUMNS}, now() FROM dataset_samples WHERE dataset_id = $2 AND sha256 = ANY ($3::bytea[]) AND removed_at IS NULL ORDER BY array_position($3::bytea[], sha256)
    ON CONFLICT (dataset_id, sha256) DO UPDATE SET removed_at = NULL WHERE dataset_samples.removed_at IS NOT NULL RETURNING 1`,
    [target.into, datasetId, digests],
  )) as unknown[];
  await inheritCameras(manager, target.into, datasetId);
  await touchDataset(manager, target.into);
  return rows.length;
}
