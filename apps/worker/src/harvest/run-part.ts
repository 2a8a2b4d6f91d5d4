import type { CameraId, HarvestRecipe } from '@argus/contracts';
import { calendarIntervals, clipIntervals, rulesOf, zoneOf } from '@argus/harvest';
import { messageOf } from '@argus/kernel';
import { RemoteStoreError } from '@argus/storage';
import type { DataSource } from 'typeorm';
import type { FootageIndex } from '../exports/footage-index.js';
import { CameraFootage, type HarvestedCamera, type IndexedSegment } from './camera-footage.js';
import type { TakenFrame } from './child/messages.js';
import { footageOrigin, whyNotMasked } from './footage-origin.js';
import { FrameStretches } from './frame-stretches.js';
import type { ClaimedPart, HarvestStore, SegmentOutcome, VideoPlace } from './harvest-store.js';
import { HeldOutcomes } from './held-outcomes.js';
import { keepFrames } from './keep-frames.js';
import { NearDuplicates } from './near-duplicates.js';
import type { PictureShelf } from './picture-shelf.js';
import type { SegmentExtractor, SegmentWish } from './segment-extractor.js';
import { shareOut } from './share-out.js';

/** A part of recorded footage. */
type CameraPart = ClaimedPart & { readonly cameraId: CameraId };

export interface PartWork {
  readonly dataSource: DataSource;
  readonly store: Pick<HarvestStore, 'commit' | 'renew' | 'giveUp'>;
  readonly footage: Pick<FootageIndex, 'borrow'>;
  readonly samples: PictureShelf;
  readonly extractor: SegmentExtractor;
  readonly threads: number;
}

/** The same for all segments of a part. */
interface Setting {
  readonly part: CameraPart;
  readonly camera: HarvestedCamera;
  readonly zone: string;
  readonly intervals: ReturnType<typeof calendarIntervals>;
  readonly near: NearDuplicates | null;
  readonly held: HeldOutcomes;
  readonly work: PartWork;
}

/** Half the time of a claim. */
const RENEW_EVERY_MS = 5000;
const KNOWN = `SELECT phash FROM dataset_samples WHERE dataset_id = $1 AND camera_id = $2 AND phash IS NOT NULL AND wall_at <= $3 ORDER BY wall_at DESC LIMIT 64`;

/**
 * Harvests the segments of a part, one after the other, each with its samples and cursor at once; one that takes longer in stretches. Aborted: it stops behind the one in hand.
 * @throws RemoteStoreError where the bucket has a share in it and does not do it now
 */
export async function runPart(claimed: ClaimedPart, work: PartWork, signal: AbortSignal): Promise<void> {
  const { dataSource, store } = work;
  if (claimed.cameraId === null) throw new TypeError('expected a part of a camera, got one of files');
  const part: CameraPart = { ...claimed, cameraId: claimed.cameraId };
  const index = new CameraFootage(dataSource);
  const camera = await index.camera(part.cameraId);
  if (camera === null) return store.giveUp(part, 'the camera was removed, so that nobody can say any more what masks its pictures need');
  const before = part.nextSegment > 0 ? (part.segmentIds[part.nextSegment - 1] ?? null) : part.segmentBefore;
  const todo = part.segmentIds.slice(part.nextSegment);
  const segments = await index.segments(part.cameraId, before === null ? todo : [before, ...todo], aroundMs(part.recipe));
  const first = todo.map((id) => segments.get(id)).find((segment) => segment !== undefined);
  const held = new HeldOutcomes(part, rulesOf(part.recipe), store, work.samples);
  const setting: Setting = {
    part,
    camera,
    work,
    held,
    zone: zoneOf(part.recipe, camera.timeZone),
    intervals: calendarIntervals(part.recipe.calendar, { zone: zoneOf(part.recipe, camera.timeZone), nowMs: part.runCreatedAt.getTime(), within: around([...segments.values()]) }),
    near: part.recipe.dropNearDuplicates && first ? await knownOf(dataSource, part, first.startMs + Math.max(0, part.cursor?.ptsUs ?? 0) / 1000) : null,
  };
  const most = part.quota === null ? null : shareOut(part.quota, part.segmentIds.map(() => 1));
  const seen = before === null ? undefined : segments.get(before);
  let lastSlot = seen ? await borrowed(setting, seen, { lastSlot: null, most: null, afterUs: null, extracts: false }, () => undefined).catch(unlessBucket(() => null)) : null;
  const renewing = setInterval(() => void store.renew(part).catch(() => undefined), RENEW_EVERY_MS);
  try {
    for (const [offset, id] of todo.entries()) {
      if (signal.aborted) break;
      const segment = segments.get(id);
      // Masks may be others by now.
      const now = { ...setting, camera: (await index.camera(part.cameraId)) ?? camera };
      const outcome = segment ? await harvest(now, segment, { lastSlot, most: most?.[part.nextSegment + offset] ?? null, from: offset === 0 ? part.cursor : null }) : { segmentId: id, samples: [], near: 0, problem: 'the footage was removed meanwhile', lastSlot };
      lastSlot = outcome.lastSlot;
      await held.add(outcome);
    }
    await held.commit();
  } finally {
    clearInterval(renewing);
  }
}

const HOUR_MS = 3_600_000;

/** Pictures may lie somewhat outside of what the index says of their segment. */
function around(segments: readonly IndexedSegment[]): { readonly startMs: number; readonly endMs: number } {
  if (segments.length === 0) return { startMs: 0, endMs: 0 };
  return { startMs: Math.min(...segments.map(({ startMs }) => startMs)) - HOUR_MS, endMs: Math.max(...segments.map(({ endMs }) => endMs)) + HOUR_MS };
}

interface Way {
  readonly lastSlot: number | null;
  readonly most: number | null;
  /** Where a worker that died was; null: at the beginning. */
  readonly from: VideoPlace | null;
}

/** What is left of a segment when it is over: what takes longer is committed on the way. */
async function harvest(setting: Setting, segment: IndexedSegment, { lastSlot, most, from }: Way): Promise<SegmentOutcome & { readonly lastSlot: number | null }> {
  const { work, near, held } = setting;
  const none = { segmentId: segment.id, samples: [], near: 0 };
  const why = whyNotMasked(setting.camera, setting.part.recipe.masked, segment.startMs);
  if (why !== null) return { ...none, problem: why, lastSlot };
  const keep = (frames: readonly TakenFrame[]) => keepFrames(frames, near, work.samples, (frame) => footageOrigin(setting.camera, { zone: setting.zone, masked: setting.part.recipe.masked }, segment, frame));
  const stretches = new FrameStretches(async (frames, place) => held.add({ segmentId: segment.id, ...(await keep(frames)), problem: null, place }));
  const found = await borrowed(setting, segment, { lastSlot, most, afterUs: from?.ptsUs ?? null, extracts: true }, (frame) => stretches.add(frame)).then(
    (slot) => ({ slot, error: null }),
    (error: unknown) => ({ slot: lastSlot, error }),
  );
  // Whatever became of the segment: a stretch that could not be committed is no trouble of it.
  const rest = await stretches.end();
  if (found.error !== null) return unlessBucket((error) => ({ ...none, problem: messageOf(error), lastSlot }))(found.error);
  return { segmentId: segment.id, ...(await keep(rest)), problem: null, lastSlot: found.slot };
}

/** A bucket that is away is no fault of the file, nor of the part: both are tried again when it answers. */
const unlessBucket = <Answer>(answer: (error: unknown) => Answer) => (error: unknown): Answer => {
  if (error instanceof RemoteStoreError && error.trouble !== 'damaged') throw error;
  return answer(error);
};

async function borrowed({ part, camera, intervals, work }: Setting, segment: IndexedSegment, how: Pick<SegmentWish, 'lastSlot' | 'most' | 'afterUs' | 'extracts'>, take: (frame: TakenFrame) => void): Promise<number | null> {
  const { sampling, size, jpegQuality, masked } = part.recipe;
  const { startMs, endMs, marks } = segment;
  const file = await work.footage.borrow(segment.path);
  try {
    return await work.extractor.extract({ ...how, path: file.path, startMs, intervals: clipIntervals(intervals, { startMs, endMs }), sampling, marks, size, jpegQuality, masks: masked ? camera.masks : [], threads: work.threads }, take);
  } finally {
    await file.giveBack();
  }
}

async function knownOf(dataSource: DataSource, { datasetId, cameraId }: CameraPart, fromMs: number): Promise<NearDuplicates> {
  return NearDuplicates.of((await dataSource.query(KNOWN, [datasetId, cameraId, new Date(fromMs)])) as { phash: string }[]);
}

/** How far from a segment an event may be that means its pictures. */
const aroundMs = ({ sampling }: HarvestRecipe): number => (sampling.kind === 'events' ? (sampling.beforeSeconds + sampling.afterSeconds) * 1000 : 0);
