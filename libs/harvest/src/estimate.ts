import type { HarvestPreview, HarvestRecipe, HarvestSampling } from '@argus/contracts';

/** What is known of a camera's chosen footage before any of it is opened. */
export interface CameraFootage {
  readonly name: string;
  readonly segments: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly pictures: number;
  readonly keyframes: number;
  /** Seconds in which something moved, around events that are meant; pictures with objects that are meant. */
  readonly motionSeconds: number;
  readonly eventSeconds: number;
  readonly objectPictures: number;
  readonly width: number;
  readonly height: number;
  /** Taken by earlier runs: they count against the quota. */
  readonly taken: number;
}

/** What this machine did lately with the same kind of sampling. */
export interface HarvestPace {
  readonly footageSecondsPerSecond: number;
  readonly picturesPerSecond: number;
}

const MOST_NAMES = 200;
/** Pictures; two cuts that are closer count as one. */
const SHORTEST_SCENE = 8;
/** Bytes a pixel of usual camera pictures by JPEG quality; between them it is a straight line. */
const BYTES_PER_PIXEL: readonly (readonly [quality: number, bytes: number])[] = [
  [30, 0.08],
  [50, 0.12],
  [75, 0.19],
  [85, 0.27],
  [92, 0.4],
  [95, 0.52],
  [100, 1.2],
];

/** What a run would take at most; null for `pace`: nothing was measured here yet. */
export function harvestPreview(recipe: Pick<HarvestRecipe, 'sampling' | 'size' | 'jpegQuality' | 'quotaPerCamera'>, cameras: readonly CameraFootage[], pace: HarvestPace | null): HarvestPreview {
  const frames = cameras.map((camera) => Math.min(framesAtMost(recipe.sampling, camera), recipe.quotaPerCamera === null ? Infinity : Math.max(0, recipe.quotaPerCamera - camera.taken)));
  const sum = (of: (camera: CameraFootage, index: number) => number): number => cameras.reduce((total, camera, index) => total + of(camera, index), 0);
  const [footageSeconds, total] = [sum(({ seconds }) => seconds), sum((_, index) => frames[index] as number)];
  return {
    cameras: cameras.length,
    cameraNames: cameras.slice(0, MOST_NAMES).map(({ name }) => name),
    segments: sum(({ segments }) => segments),
    footageSeconds,
    footageBytes: sum(({ bytes }) => bytes),
    frames: total,
    bytes: Math.round(sum((camera, index) => (frames[index] as number) * pictureBytes(recipe, camera))),
    minutes: pace === null ? null : (footageSeconds / pace.footageSecondsPerSecond + total / pace.picturesPerSecond) / 60,
    videos: null,
  };
}

/** An upper bound: every file, and every piece of time that is meant, may begin with a picture of its own. */
export function framesAtMost(sampling: HarvestSampling, { segments, seconds, pictures, keyframes, motionSeconds, eventSeconds, objectPictures }: Omit<CameraFootage, 'name' | 'bytes' | 'width' | 'height' | 'taken'>): number {
  const inSlots = (meantSeconds: number, most: number): number => Math.min(most, Math.ceil(meantSeconds / sampling.every) + (meantSeconds > 0 ? segments : 0));
  switch (sampling.kind) {
    case 'frames':
      // Each file has its picture 0.
      return Math.min(pictures, Math.floor(pictures / sampling.every) + segments);
    case 'seconds':
      return inSlots(seconds, pictures);
    case 'keyframes':
      return sampling.every === 0 ? keyframes : inSlots(seconds, keyframes);
    case 'scenes':
      return sampling.every === 0 ? Math.floor(pictures / SHORTEST_SCENE) + segments : inSlots(seconds, pictures);
    case 'motion':
      return inSlots(motionSeconds, pictures);
    case 'events':
      return inSlots(eventSeconds, pictures);
    case 'objects':
      return Math.min(objectPictures, inSlots(seconds, pictures));
  }
}

/** Of one picture as it is going to be written. `fit` never enlarges. */
export function pictureBytes({ size, jpegQuality }: Pick<HarvestRecipe, 'size' | 'jpegQuality'>, { width, height }: Pick<CameraFootage, 'width' | 'height'>): number {
  const scale = size.kind === 'original' ? 1 : Math.min(1, size.width / width, size.height / height);
  return width * scale * height * scale * bytesPerPixel(jpegQuality);
}

function bytesPerPixel(quality: number): number {
  const above = BYTES_PER_PIXEL.findIndex(([at]) => at >= quality);
  const [high, more] = BYTES_PER_PIXEL[above] ?? (BYTES_PER_PIXEL.at(-1) as readonly [number, number]);
  const [low, less] = BYTES_PER_PIXEL[above - 1] ?? [high, more];
  return high === low ? more : less + ((more - less) * (quality - low)) / (high - low);
}
