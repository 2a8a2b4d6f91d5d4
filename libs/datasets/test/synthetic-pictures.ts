import { seededRandom } from '../src/curation/random.js';
import { normal } from './synthetic-scenes.js';

/** Luma 0..255, `size` x `size`. */
export interface Luma {
  readonly size: number;
  readonly pixels: Float64Array;
}

const SIZE = 64;
const BLOCK = 8;

const cosines = (n: number) => Array.from({ length: n }, (_, k) => Array.from({ length: n }, (__, x) => Math.cos(((2 * x + 1) * k * Math.PI) / (2 * n))));

/** Two-dimensional DCT-II of a square, or its inverse, by its definition. */
function dct(square: Float64Array, n: number, inverse = false): Float64Array {
  const table = cosines(n);
  const scale = (k: number) => Math.sqrt((k === 0 ? 1 : 2) / n);
  const weight = (k: number, x: number) => (table[k]?.[x] as number) * scale(k);
  const pass = (from: Float64Array) => {
    const to = new Float64Array(n * n);
    // Along rows, and the result turned: two passes are both directions.
    for (let y = 0; y < n; y += 1) for (let a = 0; a < n; a += 1) {
      let sum = 0;
      for (let b = 0; b < n; b += 1) sum += (from[y * n + b] as number) * (inverse ? weight(b, a) : weight(a, b));
      to[a * n + y] = sum;
    }
    return to;
  };
  return pass(pass(square));
}

/** A picture to another size, each pixel the mean of what it covers (or the pixel there). */
export function resize({ size, pixels }: Luma, to: number): Luma {
  const result = new Float64Array(to * to);
  for (let y = 0; y < to; y += 1) for (let x = 0; x < to; x += 1) {
    const [top, bottom] = [Math.floor((y * size) / to), Math.max(Math.floor((y * size) / to) + 1, Math.floor(((y + 1) * size) / to))];
    const [left, right] = [Math.floor((x * size) / to), Math.max(Math.floor((x * size) / to) + 1, Math.floor(((x + 1) * size) / to))];
    let sum = 0;
    for (let row = top; row < bottom; row += 1) for (let column = left; column < right; column += 1) sum += pixels[row * size + column] as number;
    result[y * to + x] = sum / ((bottom - top) * (right - left));
  }
  return { size: to, pixels: result };
}

/** Reference: 32 x 32 luma, DCT, the lowest 8 x 8 without the mean against their median. */
export function phashOf(picture: Luma): string {
  const spectrum = dct(resize(picture, 32).pixels, 32);
  const low = Array.from({ length: 64 }, (_, at) => spectrum[Math.floor(at / 8) * 32 + (at % 8)] as number);
  const sorted = low.slice(1).sort((a, b) => a - b);
  const median = sorted[31] as number;
  const bits = low.map((value, at) => (at > 0 && value > median ? '1' : '0')).join('');
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}

/** Something like a scene: areas of different light with sharp borders, and texture. */
function scene(random: () => number): Luma {
  const pixels = new Float64Array(SIZE * SIZE).fill(60 + 120 * random());
  for (let patch = 0; patch < 24; patch += 1) {
    const [x, y, w, h, light] = [random() * SIZE, random() * SIZE, 4 + (random() * SIZE) / 2, 4 + (random() * SIZE) / 2, 25 + 200 * random()];
    for (let row = Math.floor(y); row < Math.min(SIZE, y + h); row += 1) for (let column = Math.floor(x); column < Math.min(SIZE, x + w); column += 1) pixels[row * SIZE + column] = light;
  }
  return { size: SIZE, pixels: pixels.map((value) => value + 4 * normal(random)) };
}

const clip = (value: number) => Math.min(255, Math.max(0, Math.round(value)));

/** What a JPEG encoder does to luma: blocks of 8, DCT, and steps that grow with the frequency. `quality` as there. */
function reencode({ size, pixels }: Luma, quality: number): Luma {
  const factor = (quality < 50 ? 5000 / quality : 200 - 2 * quality) / 100;
  const result = new Float64Array(pixels.length);
  for (let top = 0; top < size; top += BLOCK) for (let left = 0; left < size; left += BLOCK) {
    const square = Float64Array.from({ length: 64 }, (_, at) => (pixels[(top + Math.floor(at / 8)) * size + left + (at % 8)] as number) - 128);
    const coded = dct(square, BLOCK).map((value, at) => {
      const step = Math.max(1, factor * (12 + 7 * (Math.floor(at / 8) + (at % 8))));
      return Math.round(value / step) * step;
    });
    for (const [at, value] of dct(coded, BLOCK, true).entries()) result[(top + Math.floor(at / 8)) * size + left + (at % 8)] = clip(value + 128);
  }
  return { size, pixels: result };
}

/** The next picture of a fixed camera: other noise, and somebody walks by. */
function next({ size, pixels }: Luma, random: () => number): Luma {
  const [x, y] = [Math.floor(random() * (size - 4)), Math.floor(random() * (size - 9))];
  return { size, pixels: pixels.map((value, at) => clip((at % size >= x && at % size < x + 3 && Math.floor(at / size) >= y && Math.floor(at / size) < y + 8 ? 40 : value) + 2 * normal(random))) };
}

/** Unique pictures, and of every one some copies: as it is, encoded again, at another size, lighter or darker by 3 %, a moment later. `originals`: which picture each row shows. */
export function pictureVariants(count: number, seed: number): { readonly pictures: readonly Luma[]; readonly originals: readonly number[] } {
  const random = seededRandom(seed);
  const rows = Array.from({ length: count }, (_, index) => {
    const picture = scene(random);
    const copies = [
      () => picture,
      () => reencode(picture, 60 + 35 * random()),
      () => resize(picture, [48, 32, 128][Math.floor(3 * random())] as number),
      () => ({ size: SIZE, pixels: picture.pixels.map((value) => clip(value * (0.97 + 0.06 * ((index % 7) / 6)))) }),
      () => next(picture, random),
    ];
    return [picture, copies[index % 5]?.() as Luma].map((one) => ({ one, index }));
  }).flat();
  return { pictures: rows.map(({ one }) => one), originals: rows.map(({ index }) => index) };
}
