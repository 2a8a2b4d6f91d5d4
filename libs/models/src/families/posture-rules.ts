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

/**
 * Posture from the angles of trunk (shoulders to hips), thighs (hips to knees) and the whole body (shoulders to ankles).
 *   lying:   trunk and body both closer to level than to upright
 *   bent:    trunk far from upright while the legs still stand
 *   sitting: trunk upright, thighs level, or so short in the picture that they point at the camera
 *   upright: none of these
 */
export function postureOf(points: Keypoints): Posture {
  const [shoulders, hips, knees, ankles] = [joint(points, 'Shoulder'), joint(points, 'Hip'), joint(points, 'Knee'), joint(points, 'Ankle')];
  const feet = ankles.score >= knees.score * 0.5 ? ankles : knees;
  const trunk = tilt(shoulders, hips);
  const legs = tilt(hips, feet);
  const body = tilt(shoulders, feet);
  const thighDrop = (knees.y - hips.y) / Math.max(distance(shoulders, hips), 1e-3);
  const lying = above(trunk, 55, 6) * above(body, 55, 6);
  const bent = (1 - lying) * above(trunk, 40, 6) * (1 - above(legs, 55, 8));
  const sitting = (1 - lying) * (1 - bent) * (1 - above(thighDrop, 0.5, 0.08));
  const upright = Math.max(0, 1 - lying - bent - sitting);
  const quality = Math.min(shoulders.score, hips.score) * 0.5 + Math.min(knees.score, feet.score) * 0.5;
  return { scores: { upright, bent, sitting, lying }, quality };
}
