import { createHash } from 'node:crypto';
import { Annotation, SegmentId, type AddedFootagePictures, type AddFootagePictures, type AddPicturesQuestion, type DatasetId, type PictureLabel } from '@argus/contracts';
import { labelsOf } from '@argus/database';
import type { SegmentDescription } from '@argus/footage';
import { isoTime, messageOf } from '@argus/kernel';
import type { DataSource, EntityManager } from 'typeorm';
import { touchDataset } from '../dataset-jobs/change-set.js';
import { storable } from '../dataset-jobs/storable.js';
import { FootageGoneError, LabellingFailedError, NoPictureError } from '../errors.js';
import { addSamples } from '../harvest/add-samples.js';
import { CameraFootage, type HarvestedCamera } from '../harvest/camera-footage.js';
import type { TakenFrame } from '../harvest/child/messages.js';
import { footageOrigin, whyNotMasked } from '../harvest/footage-origin.js';
import type { TakenSample } from '../harvest/taken-sample.js';
import { keepFrames } from '../harvest/keep-frames.js';
import type { WorkerShards } from '../harvest/worker-shards.js';
import { SAME_PICTURE_MS } from './child/picture-at.js';
import type { LabelledFootage } from './follow-footage.js';
import type { SegmentLabeller } from './segment-labeller.js';

export interface PictureWork {
  readonly dataSource: DataSource;
  readonly footage: LabelledFootage;
  readonly shards: WorkerShards;
}

type Picture = AddFootagePictures['pictures'][number];
type Outcome = AddedFootagePictures['pictures'][number];

/** Takes exact pictures out of footage and puts them with their boxes into a set; pictures of one segment all together. @throws FootageGoneError, NoPictureError, LabellingFailedError */
export async function addPictures(question: AddPicturesQuestion, work: PictureWork, labeller: SegmentLabeller, signal: AbortSignal): Promise<AddedFootagePictures> {
  const { wish } = question;
  const times = wish.pictures.map(({ atMs }) => atMs);
  const camera = await new CameraFootage(work.dataSource).camera(wish.cameraId);
  if (camera === null) throw new LabellingFailedError('the camera was removed, so that nobody can say any more what masks its pictures need');
  const segments = await work.footage.segments(wish.cameraId, Math.min(...times) - SAME_PICTURE_MS, Math.max(...times) + SAME_PICTURE_MS);
  if (segments.length === 0) throw new FootageGoneError();
  const left = new Map(wish.pictures.map((picture) => [picture.atMs, picture]));
  const outcomes: Outcome[] = [];
  const problems: AddedFootagePictures['problems'] = [];
  for (const segment of segments) {
    const wanted = [...left.values()].filter(({ atMs }) => atMs >= segment.startMs - SAME_PICTURE_MS && atMs <= segment.endMs + SAME_PICTURE_MS);
    if (wanted.length === 0) continue;
    const frames = await takeOf(segment, wanted, camera, question, work, labeller, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      for (const { atMs } of wanted) problems.push({ atMs, problem: messageOf(error) });
      return null;
    });
    if (frames === null) for (const { atMs } of wanted) left.delete(atMs);
    for (const atMs of frames?.keys() ?? []) left.delete(atMs);
    if (frames !== null && frames.size > 0) outcomes.push(...(await keep(segment, frames, camera, question, work)));
  }
  for (const atMs of left.keys()) problems.push({ atMs, problem: new NoPictureError(isoTime(atMs)).message });
  const added = outcomes.filter(({ before }) => before === null).length;
  return { pictures: outcomes, added, changed: outcomes.length - added, problems: problems.map(({ atMs, problem }) => ({ atMs, problem: problem.slice(0, 500) })) };
}

interface Taken {
  readonly frame: TakenFrame;
  readonly labels: Picture['labels'];
}

async function takeOf(segment: SegmentDescription, wanted: readonly Picture[], camera: HarvestedCamera, { wish }: AddPicturesQuestion, { footage }: PictureWork, labeller: SegmentLabeller, signal: AbortSignal): Promise<Map<number, Taken>> {
  const why = whyNotMasked(camera, wish.masked, segment.startMs);
  if (why !== null) throw new LabellingFailedError(why);
  const labels = new Map(wanted.map((picture) => [picture.atMs, picture.labels]));
  const taken = new Map<number, Taken>();
  const file = await footage.borrow(segment.path);
  try {
    const order = { task: 'take' as const, path: file.path, startMs: segment.startMs, masks: wish.masked ? camera.masks : [], atMs: [...labels.keys()], jpegQuality: wish.jpegQuality };
    await labeller.take(order, (atMs, frame) => taken.set(atMs, { frame, labels: labels.get(atMs) ?? [] }), signal);
    return taken;
  } finally {
    await file.giveBack();
  }
}

/** The disk first, then the rows. */
async function keep(segment: SegmentDescription, taken: ReadonlyMap<number, Taken>, camera: HarvestedCamera, question: AddPicturesQuestion, work: PictureWork): Promise<Outcome[]> {
  const { wish: { cameraId, masked }, datasetId } = question;
  const about = { zone: camera.timeZone, masked };
  const { samples } = await keepFrames([...taken.values()].map(({ frame }) => frame), null, work.shards, (frame) => footageOrigin(camera, about, { id: SegmentId.parse(segment.id), startMs: segment.startMs }, frame));
  if (samples.length > 0) await work.shards.commit();
  return work.dataSource.transaction(async (manager) => {
    const [set] = (await manager.query('SELECT 1 FROM datasets WHERE id = $1 FOR UPDATE', [datasetId])) as unknown[];
    if (set === undefined) throw new LabellingFailedError('the sample set was removed meanwhile');
    const known = await knownOf(manager, datasetId, samples);
    const added = await addSamples(manager, { datasetId, cameraId }, samples, isoTime(Date.now()));
    const outcomes: Outcome[] = [];
    // Pictures in which nothing moves may be the same.
    const now = new Map(known);
    for (const [index, [atMs, { labels, frame }]] of [...taken].entries()) {
      const { sha256 } = samples[index] as TakenSample;
      const hex = sha256.toString('hex');
      const own = labels.map((label) => annotationOf(label, hex, frame, question.drawnBy));
      const all = [...(now.get(hex) ?? []).filter(({ track }) => track === null || !own.some((one) => one.track?.id === track.id)), ...own];
      now.set(hex, all);
      await manager.query('UPDATE dataset_samples SET annotations = $3, labels = $4, removed_at = NULL WHERE dataset_id = $1 AND sha256 = $2', [datasetId, sha256, JSON.stringify(all), labelsOf(all)]);
      outcomes.push({ atMs, sha256: hex, before: known.get(hex) ?? null });
    }
    if (added === 0) await touchDataset(manager, datasetId);
    return outcomes;
  });
}

/** What is said of pictures that are in the set. One that was taken out comes in anew. */
async function knownOf(manager: EntityManager, datasetId: DatasetId, samples: readonly TakenSample[]): Promise<Map<string, Annotation[]>> {
  const rows = (await manager.query('SELECT sha256, annotations FROM dataset_samples WHERE dataset_id = $1 AND sha256 = ANY ($2) AND removed_at IS NULL FOR UPDATE', [datasetId, samples.map(({ sha256 }) => sha256)])) as { sha256: Buffer; annotations: unknown }[];
  return new Map(rows.map(({ sha256, annotations }) => [sha256.toString('hex'), Annotation.array().parse(annotations)]));
}

/** The same track has in the same picture one box: sent again it takes the place of the one before. */
function annotationOf({ track, label, box, drawn, confidence }: PictureLabel, sha256: string, { width, height }: TakenFrame, drawnBy: string): Annotation {
  const id = createHash('sha256').update(`${track}\n${sha256}`).digest('hex').slice(0, 32);
  const [x, y] = [Math.max(0, box.x), Math.max(0, box.y)];
  const inside = { x, y, width: Math.max(0, Math.min(width, box.x + box.width) - x), height: Math.max(0, Math.min(height, box.y + box.height) - y) };
  return storable(Annotation.parse({
    id, kind: 'box', label, box: inside,
    track: { id: track, keyframe: drawn, outside: false },
    score: drawn ? null : confidence,
    state: drawn ? 'reviewed' : 'auto',
    attributes: { method: drawn ? 'drawn' : 'track', drawnBy },
  }));
}
