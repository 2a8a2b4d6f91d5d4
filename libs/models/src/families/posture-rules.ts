import type { Keypoint, KeypointName, Keypoints } from './keypoints.js';

export const POSTURES = ['upright', 'bent', 'sitting', 'lying'] as const;
export type PostureLabel = (typeof POSTURES)[number];

export interface Posture {
  /** Sum 1. */
  readonly scores: Readonly<Record<PostureLabel, number>>;
  /** 0..1: how well the keypoints that the rules need were seen. */
  readonly quality: number;
}

interface Joint {
  readonly x: number;
  readonly y: number;
  readonly score: number;
}

/** Middle of a left and a right keypoint, each weighted by its score: a hidden side hardly pulls. */
function between(a: Keypoint, b: Keypoint): Joint {
  const weight = a.score + b.score;
  if (weight <= 0) return { x: 0, y: 0, score: 0 };
  return { x: (a.x * a.score + b.x * b.score) / weight, y: (a.y * a.score + b.y * b.score) / weight, score: Math.max(a.score, b.score) };
}

const joint = (points: Keypoints, part: 'Shoulder' | 'Hip' | 'Knee' | 'Ankle'): Joint => between(points[`left${part}` satisfies KeypointName], points[`right${part}` satisfies KeypointName]);

/** Degrees from pointing straight down: 0 hangs, 90 is level, 180 points up. */
const tilt = (from: Joint, to: Joint): number => (Math.atan2(Math.abs(to.x - from.x), to.y - from.y) * 180) / Math.PI;
const distance = (a: Joint, b: Joint): number => Math.hypot(a.x - b.x, a.y - b.y);

/** 0 well below the limit, 1 well above, half at it; `softness` is where it reaches 0.73. */
const above = (value: number, limit: number, softness: number): number => 1 / (1 + Math.exp((limit - value) / softness));

/** Keypoints below this score are guesses. */
const SEEN = 0.22;

/**
 * How far the knees hang below the hips, over what it takes to sit: below 1 the thighs are folded. Lengths are counted in trunks.
 * A camera from above shortens thigh and shin alike, sitting shortens the thigh alone: so the limit follows the shin.
 */
function thighDropToLimit(shoulders: Joint, hips: Joint, knees: Joint, ankles: Joint): number {
  const trunk = Math.max(distance(shoulders, hips), 1e-3);
  const thigh = (knees.y - hips.y) / trunk;
  const shin = (ankles.y - knees.y) / trunk;
  return thigh / Math.min(Math.max(0.6 * shin, 0.25), 0.55);
}

/**
 * Posture from the angles of trunk (shoulders to hips), legs (hips to feet) and the whole body (shoulders to feet).
 *   lying:   trunk and body both nearer to level than to upright
 *   bent:    trunk far from upright while the legs stand
 *   sitting: trunk upright, thighs folded; only when the knees were seen
 *   upright: none of these
 * Limits were set on pedestrians (30 x 80 pixels), an indoor camera from above, COCO persons, and the first two turned by 90 degrees.
 */
export function postureOf(points: Keypoints): Posture {
  const [shoulders, hips, knees, ankles] = [joint(points, 'Shoulder'), joint(points, 'Hip'), joint(points, 'Knee'), joint(points, 'Ankle')];
  const feet = ankles.score >= knees.score * 0.5 ? ankles : knees;
  const trunk = tilt(shoulders, hips);
  const lying = above(trunk, 55, 6) * above(tilt(shoulders, feet), 55, 6);
  const bent = (1 - lying) * above(trunk, 40, 6) * (1 - above(tilt(hips, feet), 55, 8));
  const folded = 1 - above(thighDropToLimit(shoulders, hips, knees, ankles), 1, 0.15);
  const sitting = (1 - lying) * (1 - bent) * folded * above(knees.score, SEEN, 0.04);
  const upright = Math.max(0, 1 - lying - bent - sitting);
  const quality = Math.min(1, Math.sqrt(Math.min(shoulders.score, hips.score) * Math.min(knees.score, feet.score)));
  return { scores: { upright, bent, sitting, lying }, quality };
}
