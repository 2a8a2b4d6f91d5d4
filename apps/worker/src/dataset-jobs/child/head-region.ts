import type { BoxPixels } from '@argus/contracts';
import { growBox } from '@argus/geometry';
import type { KeypointName } from '@argus/models';

/** Where a joint is in the picture, and how sure that is. */
export interface Joint {
  readonly x: number;
  readonly y: number;
  readonly score: number;
}

const HEAD: readonly KeypointName[] = ['nose', 'leftEye', 'rightEye', 'leftEar', 'rightEar'];
/** Joints below it are guesses. */
const SEEN = 0.3;
/** Of a head, so many joints have to be seen. */
const FEWEST = 2;
/** A head is a seventh of a person who stands, and more of one who sits or is cut off: half of that around its middle at least. */
const LEAST_REACH = 1 / 11;

/**
 * What hides a person's head, with hair and chin: around the joints of the head where they are seen within the person, else the upper third of the person.
 * Too much is right and too little is not.
 */
export function headRegion(person: BoxPixels, joints: Readonly<Record<KeypointName, Joint>>): BoxPixels {
  const seen = HEAD.map((name) => joints[name]).filter((joint) => joint.score >= SEEN && isIn(growBox(person, 0.1), joint));
  if (seen.length < FEWEST) return upperThird(person);
  const [xs, ys] = [seen.map(({ x }) => x), seen.map(({ y }) => y)];
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const shoulders = [joints.leftShoulder, joints.rightShoulder].filter(({ score }) => score >= SEEN);
  const neck = shoulders.length === 0 ? 0 : Math.hypot(shoulders.reduce((sum, one) => sum + one.x, 0) / shoulders.length - x, shoulders.reduce((sum, one) => sum + one.y, 0) / shoulders.length - y);
  const reach = Math.max(1.1 * (right - left), 1.1 * (bottom - top), 0.85 * neck, LEAST_REACH * Math.max(person.height, person.width));
  return { x: x - reach, y: y - 1.2 * reach, width: 2 * reach, height: 2.2 * reach };
}

/** Somewhat wider than the box, which may cut off hair. */
export function upperThird({ x, y, width, height }: BoxPixels): BoxPixels {
  return { x: x - 0.05 * width, y: y - 0.05 * height, width: 1.1 * width, height: 0.05 * height + height / 3 };
}

const isIn = (box: BoxPixels, { x, y }: Joint): boolean => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
