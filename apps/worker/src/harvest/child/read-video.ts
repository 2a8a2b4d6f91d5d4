import { findSceneCuts } from '@argus/datasets';
import { chooseFrames, NO_MARKS, spreadQuota } from '@argus/harvest';
import { extractFrames, pictureHistograms, pictureTimes, thumbnail, type FrameChoice, type PictureHistograms } from '@argus/media';
import type { VideoPlace } from '../harvest-store.js';
import { THUMBNAIL_SIDE } from './take-frames.js';
import type { TakenFrame } from './messages.js';
import { nearestNumber } from './nearest-number.js';
import { ScanFile } from './scan-file.js';
import type { VideoOrder } from './video-messages.js';

/** A picture that is wanted, or left out since it is damaged; `frame` null: only the place has moved. */
export interface VideoStep {
  readonly frame: TakenFrame | null;
  readonly place: VideoPlace;
}

type Scenes = NonNullable<VideoPlace['scenes']>;

const BEGINNING: VideoPlace = { frame: -1, ptsUs: -1, scenes: null };

/**
 * The wanted pictures of a video file behind a place, with the place behind each. The same file gives the same ones, wherever it was broken off. What takes a pass of its own, as scenes do, is a step of its own:
 * it is not done again. Throws VideoFileError.
 */
export async function* readVideo(order: VideoOrder): AsyncGenerator<VideoStep, void, undefined> {
  let place = order.place ?? BEGINNING;
  if (order.sampling.kind === 'scenes' && place.scenes === null) {
    place = { ...place, scenes: await scenesOf(order, order.sampling.every) };
    yield { frame: null, place };
  }
  const plan = await planOf(order, place);
  if (plan === null) return;
  const { path, size, jpegQuality: quality, threads } = order;
  const frames = extractFrames({ path, choice: plan.choice, size: size.kind === 'fit' ? size : null, quality, threads, measure: true, fromFrameIndex: plan.fromFrameIndex });
  for await (const { frameIndex, ptsUs, width, height, jpeg, quality: measured, damaged } of frames) {
    const frame = frameIndex ?? plan.numberAt(ptsUs);
    place = { ...place, frame, ptsUs };
    // What is guessed by the decoder teaches a model nothing.
    yield { place, frame: damaged || measured === null ? null : { frameIndex: frame, ptsUs, width, height, jpeg, thumbnail: thumbnail(jpeg, THUMBNAIL_SIDE), quality: measured } };
  }
}

interface ReadingPlan {
  readonly choice: FrameChoice;
  readonly fromFrameIndex: number;
  /** Of a picture behind a jump. */
  numberAt(ptsUs: number): number;
}

/** null: nothing is left. */
async function planOf({ path, sampling, most }: VideoOrder, { frame, ptsUs: behindUs, scenes }: VideoPlace): Promise<ReadingPlan | null> {
  if (most === 0) return null;
  if (scenes === null && most === null) return { choice: nativeChoice(sampling), fromFrameIndex: frame + 1, numberAt: () => 0 };
  const { known, chosen } = scenes === null ? await timesOf(path, sampling) : { known: new Map(scenes.map(([number, ptsUs]) => [ptsUs, number])), chosen: scenes.map(([, ptsUs]) => ptsUs) };
  const kept = most === null ? chosen : spreadQuota(chosen.map((ptsUs) => ptsUs / 1000), most).map((at) => chosen[at] as number);
  const wanted = kept.filter((ptsUs) => ptsUs > behindUs);
  return wanted.length === 0 ? null : { choice: { kind: 'times', ptsUs: wanted }, fromFrameIndex: 0, numberAt: (ptsUs) => nearestNumber(known, ptsUs) };
}

function nativeChoice(sampling: VideoOrder['sampling']): FrameChoice {
  if (sampling.kind === 'frames' || sampling.kind === 'seconds' || sampling.kind === 'keyframes') return sampling;
  throw new TypeError(`expected frames, seconds, keyframes or scenes of a video file, got ${sampling.kind}`);
}

/** Chosen pictures, and the numbers of all. Slots of time are counted from the file's beginning. */
async function timesOf(path: string, sampling: VideoOrder['sampling']): Promise<{ known: Map<number, number>; chosen: readonly number[] }> {
  const times = await pictureTimes(path);
  const { ptsUs: chosen } = chooseFrames({ frames: { startMs: 0, ...times }, intervals: null, sampling, marks: NO_MARKS, lastSlot: null });
  return { known: new Map(times.ptsUs.map((ptsUs, number) => [ptsUs, number])), chosen };
}

/** The first pictures of all scenes, none sooner than `every` seconds behind the one before. */
async function scenesOf({ path, threads, scanPath }: VideoOrder, every: number): Promise<Scenes> {
  const { bins, values, frameIndex, ptsUs } = await histogramsOf(path, threads, scanPath);
  const scenes: [number, number][] = [];
  for (const at of [0, ...findSceneCuts(values, bins).map(({ index }) => index)]) {
    const [number, time] = [frameIndex[at], ptsUs[at]];
    if (number === undefined || time === undefined || time - (scenes.at(-1)?.[1] ?? -Infinity) < every * 1_000_000) continue;
    scenes.push([number, time]);
  }
  return scenes;
}

/** A pass that was broken off is gone on with. */
async function histogramsOf(path: string, threads: number, scanPath: string | null): Promise<PictureHistograms> {
  if (scanPath === null) return pictureHistograms(path, { threads });
  const scan = await ScanFile.open(scanPath);
  try {
    return await pictureHistograms(path, { threads, known: scan.known, onPicture: (picture) => scan.add(picture) });
  } finally {
    await scan.close();
  }
}
