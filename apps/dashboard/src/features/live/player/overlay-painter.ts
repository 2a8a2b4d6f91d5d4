import { labelColorIndex } from '../label-colors.js';
import type { ShownObject } from './overlay-timeline.js';
import type { Picture } from './picture-renderer.js';

/** Where a picture lies on the canvas, canvas pixels. */
export interface Frame {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PaintStyle {
  readonly colors: readonly string[];
  readonly ink: string;
  readonly font: string;
  /** Device pixels per CSS pixel. */
  readonly scale: number;
}

/** Pictures narrower than this (CSS pixels) have chips without figures. */
const NARROW = 420;

/** Reads the tokens once; canvases cannot use CSS variables. */
export function readPaintStyle(element: Element, scale: number): PaintStyle {
  const style = getComputedStyle(element);
  const value = (name: string) => style.getPropertyValue(name).trim();
  return { colors: Array.from({ length: 8 }, (_, i) => value(`--label-${i + 1}`)), ink: value('--video'), font: `600 ${13 * scale}px ${style.fontFamily}`, scale };
}

/** The whole picture in the middle of the canvas, its shape kept. */
export function fitFrame(picture: { width: number; height: number }, canvas: { width: number; height: number }): Frame {
  const ratio = Math.min(canvas.width / picture.width, canvas.height / picture.height);
  const [width, height] = [picture.width * ratio, picture.height * ratio];
  return { x: (canvas.width - width) / 2, y: (canvas.height - height) / 2, width, height };
}

export function paintPicture(context: CanvasRenderingContext2D, picture: Picture, frame: Frame): void {
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.drawImage(picture.image, frame.x, frame.y, frame.width, frame.height);
}

/** Trails below, then boxes, then chips, so that no box lies over a chip. */
export function paintObjects(context: CanvasRenderingContext2D, objects: readonly ShownObject[], frame: Frame, style: PaintStyle, textOf: (object: ShownObject, short: boolean) => string): void {
  const short = frame.width / style.scale < NARROW;
  const placed: Frame[] = [];
  for (const object of objects) paintTrail(context, object, frame, style);
  for (const object of objects) paintBox(context, object, frame, style);
  for (const object of objects) placed.push(paintChip(context, object, frame, style, { text: textOf(object, short), placed }));
  context.globalAlpha = 1;
}

const colorOf = (object: ShownObject, style: PaintStyle) => style.colors[labelColorIndex(object.label) - 1] ?? style.ink;

const place = (object: ShownObject, frame: Frame): Frame => ({
  x: frame.x + object.box.x * frame.width,
  y: frame.y + object.box.y * frame.height,
  width: object.box.width * frame.width,
  height: object.box.height * frame.height,
});

function paintTrail(context: CanvasRenderingContext2D, object: ShownObject, frame: Frame, style: PaintStyle): void {
  const [first, ...rest] = object.trail;
  if (!first || rest.length === 0) return;
  context.globalAlpha = 0.55 * object.freshness;
  context.strokeStyle = colorOf(object, style);
  context.lineWidth = 2 * style.scale;
  context.lineJoin = 'round';
  context.setLineDash([]);
  context.beginPath();
  context.moveTo(frame.x + first.x * frame.width, frame.y + first.y * frame.height);
  for (const point of rest) context.lineTo(frame.x + point.x * frame.width, frame.y + point.y * frame.height);
  context.stroke();
}

function paintBox(context: CanvasRenderingContext2D, object: ShownObject, frame: Frame, style: PaintStyle): void {
  const box = place(object, frame);
  context.globalAlpha = object.freshness;
  context.strokeStyle = colorOf(object, style);
  context.lineWidth = 2 * style.scale;
  // Dashed: the detector missed it in this picture and the place is predicted.
  context.setLineDash(object.observed ? [] : [6 * style.scale, 4 * style.scale]);
  context.strokeRect(box.x, box.y, box.width, box.height);
}

/**
 * Above the box; a line or two higher where another chip is already there; else below. Never inside: faces are at the top of
 * boxes, and neighbours keep their names readable.
 */
export function chipPlace(box: Frame, chip: { width: number; height: number }, frame: Frame, placed: readonly Frame[] = []): Frame {
  const x = Math.min(Math.max(box.x, frame.x), frame.x + frame.width - chip.width);
  const above = box.y - chip.height;
  const below = box.y + box.height;
  const rows = [above, above - chip.height, above - 2 * chip.height, below, below + chip.height];
  const spots = rows.map((y) => ({ x, y, ...chip })).filter((spot) => spot.y >= frame.y && spot.y + chip.height <= frame.y + frame.height);
  return spots.find((spot) => !placed.some((other) => overlaps(spot, other))) ?? spots[0] ?? { x, y: frame.y + frame.height - chip.height, ...chip };
}

const overlaps = (a: Frame, b: Frame) => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function paintChip(context: CanvasRenderingContext2D, object: ShownObject, frame: Frame, style: PaintStyle, { text, placed }: { text: string; placed: readonly Frame[] }): Frame {
  const pad = 4 * style.scale;
  context.font = style.font;
  const chip = { width: context.measureText(text).width + 2 * pad, height: 18 * style.scale };
  const box = place(object, frame);
  const at = chipPlace({ ...box, x: box.x - style.scale, y: box.y - style.scale, height: box.height + 2 * style.scale }, chip, frame, placed);
  context.globalAlpha = object.freshness;
  context.fillStyle = colorOf(object, style);
  context.fillRect(at.x, at.y, chip.width, chip.height);
  context.fillStyle = style.ink;
  context.textBaseline = 'middle';
  context.fillText(text, at.x + pad, at.y + chip.height / 2 + style.scale / 2);
  return at;
}
