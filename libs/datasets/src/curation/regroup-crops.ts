import type { SizePixels } from '@argus/contracts';
import type { ObjectBox } from './quality.js';

export interface RegroupOptions {
  /** How far each box reaches for others, as a part of its longer side. Default 0.5. */
  readonly reach?: number;
  /** Surroundings that a crop keeps around its boxes, as a part of the longer side of all of them; at the picture's edge less. Default 0.15. */
  readonly margin?: number;
  /** Width by height that crops grow to where the picture allows it; null: as it comes. */
  readonly ratio?: number | null;
  /** Crops begin at multiples of it: of 2 where pictures keep colours for every second pixel. Default 1. */
  readonly step?: number;
}

export interface RegroupedCrop {
  /** Whole pixels, inside the picture. */
  readonly crop: ObjectBox;
  /** Which boxes are in it, rising. */
  readonly boxes: readonly number[];
}

interface Edges {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/**
 * Cuts a picture into crops around groups of neighbours. Boxes that reach each other are a group; a crop is what a group fills with a margin. Every box is
 * wholly in one crop and touches no other: where a crop would meet a foreign box, both groups become one. Of a box only the part in the picture counts;
 * one that has none there is in no crop. Doing the same with what came out changes nothing.
 */
export function regroupCrops(boxes: readonly ObjectBox[], picture: SizePixels, options: RegroupOptions = {}): RegroupedCrop[] {
  const { reach = 0.5, margin = 0.15, ratio = null, step = 1 } = options;
  const inside = boxes.map((box) => insideOf(box, picture));
  const edgesOf = (index: number) => inside[index] as Edges;
  const reaches = inside.map((edges) => edges && grow(edges, reach));
  const cropOf = (group: readonly number[]) => fit(group.map(edgesOf), picture, { margin, ratio, step });
  const there = [...inside.keys()].filter((index) => inside[index] !== null);
  let groups = components(there.map((index) => [index]), (a, b) => meet(reaches[a[0] as number] as Edges, reaches[b[0] as number] as Edges));
  for (let before = Infinity; groups.length < before; ) {
    before = groups.length;
    const crops = new Map(groups.map((group) => [group, cropOf(group)]));
    groups = components(groups, (a, b) => b.some((index) => meet(crops.get(a) as Edges, edgesOf(index))) || a.some((index) => meet(crops.get(b) as Edges, edgesOf(index))));
  }
  return groups.map((group) => {
    const { left, top, right, bottom } = cropOf(group);
    return { crop: { x: left, y: top, width: right - left, height: bottom - top }, boxes: group.toSorted((a, b) => a - b) };
  }).sort((a, b) => (a.boxes[0] as number) - (b.boxes[0] as number));
}

function insideOf({ x, y, width, height }: ObjectBox, picture: SizePixels): Edges | null {
  const edges = { left: Math.max(0, x), top: Math.max(0, y), right: Math.min(picture.width, x + width), bottom: Math.min(picture.height, y + height) };
  return edges.right > edges.left && edges.bottom > edges.top ? edges : null;
}

function grow({ left, top, right, bottom }: Edges, share: number): Edges {
  const by = share * Math.max(right - left, bottom - top);
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

const meet = (a: Edges, b: Edges): boolean => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

/** Groups joined along all pairs that belong together. */
function components(groups: readonly (readonly number[])[], belong: (a: readonly number[], b: readonly number[]) => boolean): (readonly number[])[] {
  const left = [...groups];
  const joined: number[][] = [];
  while (left.length > 0) {
    const members = [left.shift() as readonly number[]];
    for (const member of members) {
      for (let at = left.length - 1; at >= 0; at -= 1) if (belong(member, left[at] as readonly number[])) members.push(...left.splice(at, 1));
    }
    joined.push(members.flat());
  }
  return joined;
}

function fit(members: readonly Edges[], picture: SizePixels, { margin, ratio, step }: { readonly margin: number; readonly ratio: number | null; readonly step: number }): Edges {
  const all = { left: Math.min(...members.map(({ left }) => left)), top: Math.min(...members.map(({ top }) => top)), right: Math.max(...members.map(({ right }) => right)), bottom: Math.max(...members.map(({ bottom }) => bottom)) };
  const grown = grow(all, margin);
  const [width, height] = [grown.right - grown.left, grown.bottom - grown.top];
  const wider = ratio === null ? 0 : Math.max(0, height * ratio - width);
  const higher = ratio === null ? 0 : Math.max(0, width / ratio - height);
  const [left, right] = place(grown.left - wider / 2, grown.right + wider / 2, picture.width, ratio !== null, step);
  const [top, bottom] = place(grown.top - higher / 2, grown.bottom + higher / 2, picture.height, ratio !== null, step);
  return { left, top, right, bottom };
}

/** A range cut into 0..size, to whole pixels; moved first, so that it keeps its length where there is room. */
function place(from: number, to: number, size: number, moves: boolean, step: number): [number, number] {
  const shift = !moves ? 0 : from < 0 ? Math.min(-from, Math.max(0, size - to)) : to > size ? -Math.min(to - size, Math.max(0, from)) : 0;
  return [Math.max(0, Math.floor((from + shift) / step) * step), Math.min(size, Math.ceil(to + shift))];
}
