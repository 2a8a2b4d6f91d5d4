import { Goal, type SizePixels } from '@argus/contracts';

/** Place of an object in source pixels, not rounded. */
export interface ObjectBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a project wants to find, and from when on a picture is sharp. */
export interface GoalProfile extends Goal {
  /** Sharpness (variance of the Laplacian) at which half of the score is reached. */
  readonly halfSharpness: number;
}

/** `null`: nobody said what is wanted. */
export const profileOf = (goal: Goal | null): GoalProfile => ({ ...(goal ?? Goal.parse({})), halfSharpness: 60 });
export const DEFAULT_GOAL: GoalProfile = profileOf(null);

export interface SeenObject {
  readonly label: string;
  readonly box: ObjectBox;
  /** Of its own pixels; null: that of the picture counts. */
  readonly sharpness?: number | null;
  readonly occluded?: boolean;
}

export const OBJECT_FLAWS = ['small', 'truncated', 'blurred', 'occluded', 'ratio'] as const;

export interface ObjectQuality {
  /** 0..1. */
  readonly score: number;
  /** Shorter side. */
  readonly pixels: number;
  readonly truncated: boolean;
  /** What lowers the score. */
  readonly flaws: readonly (typeof OBJECT_FLAWS)[number][];
}

/** Nearer to the picture's edge than this, an object is taken to go on behind it. */
const EDGE_PIXELS = 1.5;
/** Half a body teaches that a half is a whole: it is worth little, however large. */
const TRUNCATED = 0.25;
const OCCLUDED = 0.6;
const BLURRED = 0.5;

/** Whether a box touches or crosses the picture's edge: then part of the object is most likely not in the picture. */
export function isTruncated({ x, y, width, height }: ObjectBox, picture: SizePixels): boolean {
  return x <= EDGE_PIXELS || y <= EDGE_PIXELS || x + width >= picture.width - EDGE_PIXELS || y + height >= picture.height - EDGE_PIXELS;
}

/** 0..1, rising with the variance of the Laplacian. */
export const sharpnessScore = (sharpness: number, half: number): number => Math.max(0, sharpness) / (Math.max(0, sharpness) + half);

/** How good an example of itself an object is. `pictureSharpness` null: not known, and nothing is taken off. */
export function objectQuality(object: SeenObject, picture: SizePixels, pictureSharpness: number | null, goal: GoalProfile = DEFAULT_GOAL): ObjectQuality {
  const { box, occluded = false } = object;
  const pixels = Math.min(box.width, box.height);
  const truncated = isTruncated(box, picture);
  if (!(pixels > 0)) return { score: 0, pixels: 0, truncated, flaws: ['small'] };
  const sharpness = object.sharpness ?? pictureSharpness;
  const sharp = sharpness === null ? 1 : sharpnessScore(sharpness, goal.halfSharpness);
  const least = Math.max(goal.leastPixels, (goal.leastShare ?? 0) * Math.min(picture.width, picture.height));
  const large = Math.min(1, Math.max(0, pixels / least)) ** 2;
  const off = goal.ratio === null ? 0 : Math.abs(Math.log(box.width / box.height / goal.ratio.value)) / Math.max(Math.log(goal.ratio.tolerance), 1e-6);
  const fits = off <= 1 ? 1 : 1 / off;
  return {
    score: large * sharp * fits * (truncated ? TRUNCATED : 1) * (occluded ? OCCLUDED : 1),
    pixels,
    truncated,
    flaws: [...(large < 1 ? ['small' as const] : []), ...(truncated ? ['truncated' as const] : []), ...(sharp < BLURRED ? ['blurred' as const] : []), ...(occluded ? ['occluded' as const] : []), ...(fits < 1 ? ['ratio' as const] : [])],
  };
}

export interface SeenPicture {
  readonly width: number;
  readonly height: number;
  readonly sharpness: number | null;
  /** Mean luma, 0..1; null: not measured. */
  readonly brightness?: number | null;
  /** As labelled, or as a model sees them. */
  readonly objects: readonly SeenObject[];
}

export interface PictureValue {
  /** How much a picture shows of what is wanted: the sum of its objects' scores times their mean, so that one good example is worth more than ten bad ones. */
  readonly value: number;
  /** Mean score of the wanted objects, 0..1; 0 where there are none. The `quality` of `chooseDiverse`. */
  readonly quality: number;
  readonly wanted: number;
}

/** Mean luma below which a picture is one of the night for certain, and above which of the day; between them it is partly both. */
const [DARK, BRIGHT] = [0.18, 0.36];
/** A picture in the wrong light is worth little, not nothing: lamps and fog are misjudged. */
const WRONG_LIGHT = 0.1;

/** How far a picture is in the light that is wanted, 0..1. */
export function lightFit(brightness: number | null, { light }: Pick<Goal, 'light'>): number {
  if (light === 'any' || brightness === null) return 1;
  const day = Math.min(1, Math.max(0, (brightness - DARK) / (BRIGHT - DARK)));
  return Math.max(WRONG_LIGHT, light === 'day' ? day : 1 - day);
}

export function pictureValue(picture: SeenPicture, goal: GoalProfile = DEFAULT_GOAL): PictureValue {
  const wanted = picture.objects.filter(({ label }) => goal.labels.length === 0 || goal.labels.includes(label));
  const total = wanted.reduce((sum, object) => sum + objectQuality(object, picture, picture.sharpness, goal).score, 0);
  const quality = wanted.length === 0 ? 0 : (total / wanted.length) * lightFit(picture.brightness ?? null, goal);
  // Light counts once: within the mean.
  return { value: total * quality, quality, wanted: wanted.length };
}

/** Rows of pictures, the most valuable for the goal first. */
export function rankForGoal(pictures: readonly SeenPicture[], goal: GoalProfile = DEFAULT_GOAL): Int32Array {
  const values = pictures.map((picture) => pictureValue(picture, goal).value);
  return Int32Array.from(values.keys()).sort((a, b) => (values[b] as number) - (values[a] as number) || a - b);
}
