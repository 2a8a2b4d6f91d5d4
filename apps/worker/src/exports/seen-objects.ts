import type { BlurredLabel, BoxNormalized, ExportOptions, RecordedPicture } from '@argus/contracts';
import type { PicturePaint } from '@argus/media';
import { labelRgb } from './label-rgb.js';
import type { SeenPicture } from './recorded-pictures.js';

type SeenObject = RecordedPicture['objects'][number];

/** Objects seen further away in time than this say nothing about a picture. */
const REACH_MS = 1000;
/** What is hidden is hidden with a margin, as a share of the box: between two analysed pictures things do not move quite evenly. */
const MARGIN = 0.12;
const HEAD_SHARE = 1 / 3;

/** The analysed pictures before and after a moment. */
interface Neighbours {
  readonly before: SeenPicture | null;
  readonly after: SeenPicture | null;
}

/** The picture at or before the moment, and the next, each only within reach. `pictures`: oldest first. */
export function neighboursOf(pictures: readonly SeenPicture[], wallMs: number): Neighbours {
  let [low, high] = [0, pictures.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pictures[middle] as SeenPicture).wallMs <= wallMs) low = middle + 1;
    else high = middle;
  }
  const within = (picture: SeenPicture | undefined) => (picture !== undefined && Math.abs(picture.wallMs - wallMs) <= REACH_MS ? picture : null);
  return { before: within(pictures[low - 1]), after: within(pictures[low]) };
}

/** What is painted into the picture of a moment; null: nothing. */
export function paintOf(pictures: readonly SeenPicture[], wallMs: number, { boxes, blur }: Pick<ExportOptions, 'boxes' | 'blur'>): PicturePaint | null {
  const near = neighboursOf(pictures, wallMs);
  const shown = boxes ? movedObjects(near, wallMs) : [];
  const hidden = blur.length > 0 ? hiddenBoxes(near, wallMs, blur) : [];
  if (shown.length === 0 && hidden.length === 0) return null;
  return { hidden, boxes: shown.map(({ label, number, box }) => ({ box, rgb: labelRgb(label), text: `${label} ${number}` })) };
}

/** Objects of the picture before, moved towards where they are in the picture after. */
function movedObjects({ before, after }: Neighbours, wallMs: number): SeenObject[] {
  if (before === null) return [];
  return before.objects.map((object) => {
    const next = after?.objects.find(({ trackId }) => trackId === object.trackId);
    return next === undefined || after === null ? object : { ...object, box: between(object.box, next.box, (wallMs - before.wallMs) / (after.wallMs - before.wallMs)) };
  });
}

/** Rather too much than too little: an object that is only in one of both pictures is hidden where it was or will be. */
function hiddenBoxes(near: Neighbours, wallMs: number, blur: readonly BlurredLabel[]): BoxNormalized[] {
  const known = new Set(near.before?.objects.map(({ trackId }) => trackId));
  const coming = near.after?.objects.filter(({ trackId }) => !known.has(trackId)) ?? [];
  return [...movedObjects(near, wallMs), ...coming].flatMap(({ label, box }) => {
    const wanted = blur.find((one) => one.label === label);
    return wanted === undefined ? [] : [widened(wanted.part === 'head' ? { ...box, height: box.height * HEAD_SHARE } : box)];
  });
}

function between(from: BoxNormalized, to: BoxNormalized, share: number): BoxNormalized {
  const mix = (a: number, b: number) => a + (b - a) * share;
  return { x: mix(from.x, to.x), y: mix(from.y, to.y), width: mix(from.width, to.width), height: mix(from.height, to.height) };
}

const widened = ({ x, y, width, height }: BoxNormalized): BoxNormalized => ({ x: x - width * MARGIN, y: y - height * MARGIN, width: width * (1 + 2 * MARGIN), height: height * (1 + 2 * MARGIN) });
