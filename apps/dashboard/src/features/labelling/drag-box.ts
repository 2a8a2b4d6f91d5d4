import type { Box } from './track-book.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What of a box is held: all of it, or an edge or corner (-1 left or top, 1 right or bottom, 0 neither). */
export type Grip = { readonly kind: 'new' } | { readonly kind: 'move' } | { readonly kind: 'edge'; readonly over: -1 | 0 | 1; readonly down: -1 | 0 | 1 };

export const CORNERS = ([-1, 0, 1] as const).flatMap((down) => ([-1, 0, 1] as const).filter((over) => over !== 0 || down !== 0).map((over) => ({ kind: 'edge' as const, over, down })));

/** The box after its grip was dragged from one point to another, within the picture; an edge that is dragged over the opposite one turns the box around. */
export function dragged(box: Box, grip: Grip, from: Point, to: Point, picture: { readonly width: number; readonly height: number }): Box {
  const clamp = (value: number, most: number): number => Math.max(0, Math.min(most, value));
  if (grip.kind === 'new') return between(clamp(from.x, picture.width), clamp(from.y, picture.height), clamp(to.x, picture.width), clamp(to.y, picture.height));
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (grip.kind === 'move') return { ...box, x: Math.max(0, Math.min(picture.width - box.width, box.x + dx)), y: Math.max(0, Math.min(picture.height - box.height, box.y + dy)) };
  const left = clamp(box.x + (grip.over === -1 ? dx : 0), picture.width);
  const right = clamp(box.x + box.width + (grip.over === 1 ? dx : 0), picture.width);
  const top = clamp(box.y + (grip.down === -1 ? dy : 0), picture.height);
  const bottom = clamp(box.y + box.height + (grip.down === 1 ? dy : 0), picture.height);
  return between(left, top, right, bottom);
}

const between = (x1: number, y1: number, x2: number, y2: number): Box => ({ x: Math.min(x1, x2), y: Math.min(y1, y2), width: Math.abs(x2 - x1), height: Math.abs(y2 - y1) });
