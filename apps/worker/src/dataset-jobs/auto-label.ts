import { createHash } from 'node:crypto';
import { Annotation } from '@argus/contracts';
import { labelsOf } from '@argus/database';
import { boxIou } from '@argus/geometry';
import type { EntityManager } from 'typeorm';
import { touchDataset } from './change-set.js';
import type { SeenBox } from './child/detect-picture.js';
import { inBatches } from './in-batches.js';
import type { JobOf, OptionsOf, RunKind } from './job-in-hand.js';
import type { ShelvedModel } from './model-shelf.js';
import { countSamples, isByPerson, type SetSample } from './set-samples.js';

interface Tally {
  /** By id of the model. */
  readonly byModel: Readonly<Record<string, number>>;
  readonly samples: number;
  readonly boxes: number;
  readonly labels: Readonly<Record<string, number>>;
}

interface Labelled {
  readonly sha256: Buffer;
  readonly found: readonly Annotation[];
}

/** From this overlap on a box of a person with the same label is the same thing. */
const SAME = 0.5;

/** Boxes by one or more detectors: as suggestions, which people look at. */
export const autoLabel: RunKind<'auto-label'> = async (job) => {
  const { options, work } = job;
  const models: ShelvedModel[] = [];
  for (const id of new Set([options.model, ...options.also])) models.push(await work.models.require(id, 'detect'));
  await job.expect(await countSamples(work.dataSource, job.datasetId), ['label']);
  const tally = await inBatches<Tally, Labelled>(job, {
    name: 'label',
    tally: { samples: 0, boxes: 0, labels: {}, byModel: {} },
    look: (sample) => label(job, models, sample),
    write: (manager, made, so) => write(manager, job, made, so),
  });
  const sources = models.map(({ manifest: { id, version }, digest }) => ({ id, version, digest, boxes: tally.byModel[id] ?? 0 }));
  const [{ id, version, digest }] = sources as [(typeof sources)[number]];
  const { samples, boxes, labels } = tally;
  return async () => ({ kind: 'auto-label', samples, boxes, labels: { ...labels }, model: { id, version, digest }, models: sources, troubles: job.troubles });
};

async function label(job: JobOf<'auto-label'>, models: readonly ShelvedModel[], sample: SetSample): Promise<Labelled | null> {
  const { minScore, tiling, labels, skipReviewed } = job.options;
  if (skipReviewed && isReviewed(sample)) return null;
  return job.look(sample.sha256.toString('hex'), async (content) => {
    const found: Annotation[] = [];
    for (const model of models) {
      const { path: at, manifest } = model;
      const seen = await job.process.call('detect', { content, model: at, minScore: minScore ?? manifest.thresholds.score, tiling }, job.signal);
      found.push(...annotationsOf(seen, labels, model, sample.sha256));
    }
    return { sha256: sample.sha256, found };
  });
}

/** The same boxes of the same model have the same names, whenever it runs: a box that a person has moved keeps its name, and is known by it. */
export function annotationsOf(seen: readonly SeenBox[], labels: OptionsOf<'auto-label'>['labels'], { manifest: { id, version }, digest }: ShelvedModel, sha256: Buffer): Annotation[] {
  const isMapped = Object.keys(labels).length > 0;
  const wanted = isMapped ? seen.filter((one) => labels[one.label] !== undefined) : seen;
  return wanted.map(({ label: name, score, box }) => {
    const place = [box.x, box.y, box.width, box.height].join(' ');
    const named = createHash('sha256').update(`${id}\n${digest}\n${sha256.toString('hex')}\n${name}\n${place}`).digest('hex').slice(0, 32);
    return Annotation.parse({ id: named, kind: 'box', label: labels[name] ?? name, box, score, model: { id, version, digest }, state: 'auto' });
  });
}

const isReviewed = ({ complete, annotations }: Pick<SetSample, 'complete' | 'annotations'>): boolean => complete || annotations.some(({ state }) => state === 'reviewed' || state === 'accepted');

/** What is there but the models' own boxes of before, and what they see that is not there yet. What two of them see is there twice: each box says whose it is. */
export function withSuggestions(existing: readonly Annotation[], found: readonly Annotation[], ...models: readonly string[]): Annotation[] {
  const kept = existing.filter(({ state, model: by }) => state !== 'auto' || by === null || !models.includes(by.id));
  const known = new Set(kept.map(({ id }) => id));
  const isThere = (one: Annotation): boolean => known.has(one.id) || kept.some((other) => isByPerson(other) && other.label === one.label && boxIou(other.box, one.box) >= SAME);
  return [...kept, ...found.filter((one) => !isThere(one))];
}

/** As the rows are now: somebody may have labelled meanwhile, and that stays. */
async function write(manager: EntityManager, job: JobOf<'auto-label'>, made: readonly Labelled[], tally: Tally): Promise<Tally> {
  const rows = (await manager.query('SELECT sha256, complete, annotations FROM dataset_samples WHERE dataset_id = $1 AND sha256 = ANY ($2) AND removed_at IS NULL FOR UPDATE', [job.datasetId, made.map(({ sha256 }) => sha256)])) as { sha256: Buffer; complete: boolean; annotations: unknown }[];
  let changed = 0;
  const labels: Record<string, number> = { ...tally.labels };
  const byModel: Record<string, number> = { ...tally.byModel };
  let [samples, boxes] = [tally.samples, tally.boxes];
  for (const { sha256, complete, annotations } of rows) {
    const existing = Annotation.array().parse(annotations);
    if (job.options.skipReviewed && isReviewed({ complete, annotations: existing })) continue;
    const found = made.find((one) => one.sha256.equals(sha256))?.found ?? [];
    const now = withSuggestions(existing, found, job.options.model, ...job.options.also);
    const added = now.filter((one) => found.includes(one));
    samples += 1;
    boxes += added.length;
    for (const { label: name, model } of added) {
      labels[name] = (labels[name] ?? 0) + 1;
      if (model) byModel[model.id] = (byModel[model.id] ?? 0) + 1;
    }
    if (JSON.stringify(now) === JSON.stringify(existing)) continue;
    await manager.query('UPDATE dataset_samples SET annotations = $3, labels = $4 WHERE dataset_id = $1 AND sha256 = $2', [job.datasetId, sha256, JSON.stringify(now), labelsOf(now)]);
    changed += 1;
  }
  if (changed > 0) await touchDataset(manager, job.datasetId);
  return { samples, boxes, labels, byModel };
}
