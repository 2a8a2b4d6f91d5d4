import type { LumaPicture } from '../src/follow/luma-picture.js';

export interface MadeBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A textured thing: where its middle is and how large it is in picture `at`. */
export interface MadeThing {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly at: (picture: number) => { readonly x: number; readonly y: number; readonly scale?: number };
}

export interface MadeFilm {
  readonly width: number;
  readonly height: number;
  readonly pictures: number;
  readonly things: readonly MadeThing[];
  /** Drawn above everything, as things are. */
  readonly inFront?: readonly MadeThing[];
  /** Pixels over which each picture is smeared to the side, as by motion. */
  readonly blur?: (picture: number) => number;
  /** Grain of the sensor, in steps of 255. */
  readonly noise?: number;
  readonly seed?: number;
}

/** Textures over a texture, drawn pixel by pixel: where each thing is, is known exactly. */
export function* madeFilm({ width, height, pictures, things, inFront = [], blur, noise = 3, seed = 1 }: MadeFilm): Generator<{ readonly picture: LumaPicture; readonly boxes: readonly MadeBox[] }> {
  const ground = Float64Array.from({ length: width * height }, (_unused, at) => 60 + 120 * texture(seed, (at % width) / 18, Math.floor(at / width) / 18));
  for (let number = 0; number < pictures; number += 1) {
    const pixels = ground.slice();
    const boxes = things.map((thing) => draw(pixels, width, height, thing, number));
    for (const thing of inFront) draw(pixels, width, height, thing, number);
    const length = Math.round(blur?.(number) ?? 0);
    yield { picture: { width, height, luma: finished(pixels, width, length, noise, seed * 7919 + number) }, boxes };
  }
}

function draw(pixels: Float64Array, width: number, height: number, thing: MadeThing, number: number): MadeBox {
  const { x, y, scale = 1 } = thing.at(number);
  const box = { x: x - (thing.width * scale) / 2, y: y - (thing.height * scale) / 2, width: thing.width * scale, height: thing.height * scale };
  for (let row = Math.max(0, Math.floor(box.y)); row < Math.min(height, Math.ceil(box.y + box.height)); row += 1) {
    for (let column = Math.max(0, Math.floor(box.x)); column < Math.min(width, Math.ceil(box.x + box.width)); column += 1) {
      const [u, v] = [(column + 0.5 - box.x) / scale, (row + 0.5 - box.y) / scale];
      if (u < 0 || v < 0 || u > thing.width || v > thing.height) continue;
      pixels[row * width + column] = 20 + 215 * texture(thing.seed, u / 9, v / 9);
    }
  }
  return box;
}

function finished(pixels: Float64Array, width: number, length: number, noise: number, seed: number): Uint8Array {
  const random = randomOf(seed);
  const luma = new Uint8Array(pixels.length);
  for (let at = 0; at < luma.length; at += 1) {
    let sum = pixels[at] as number;
    let count = 1;
    for (let off = 1; off <= length && (at % width) + off < width; off += 1, count += 1) sum += pixels[at + off] as number;
    luma[at] = Math.max(0, Math.min(255, Math.round(sum / count + (random() - 0.5) * 2 * noise)));
  }
  return luma;
}

/** Value noise of two octaves, 0..1. */
function texture(seed: number, x: number, y: number): number {
  return 0.65 * smooth(seed, x, y) + 0.35 * smooth(seed + 31, x * 2.3, y * 2.3);
}

function smooth(seed: number, x: number, y: number): number {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [ease(x - left), ease(y - top)];
  const corner = (over: number, down: number): number => hash(seed, left + over, top + down);
  return (corner(0, 0) * (1 - u) + corner(1, 0) * u) * (1 - v) + (corner(0, 1) * (1 - u) + corner(1, 1) * u) * v;
}

const ease = (part: number): number => part * part * (3 - 2 * part);

function hash(seed: number, x: number, y: number): number {
  let value = Math.imul(seed ^ Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return ((value ^ (value >>> 16)) >>> 0) / 2 ** 32;
}

function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}
