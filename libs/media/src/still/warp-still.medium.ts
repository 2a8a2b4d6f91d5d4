import { spawnSync } from 'node:child_process';
import { DEMO_CLIP, whyNoClips } from '@argus/testing';
import { describe, expect, it } from 'vitest';
import { MediaError } from '../media-error.js';
import { decodeStill } from './decode-still.js';
import { warpStill, type Warp } from './warp-still.js';

/** Real: the native library; marks that are drawn at known places; ffmpeg, which codes and reads the pictures. Where they go is said by a solver of eight equations (LAPACK), as OpenCV has it. */
const missing = whyNoClips();
if (missing !== null) console.warn(`skipped: ${missing}`);

interface Grey {
  readonly pixels: Uint8Array;
  readonly width: number;
  readonly height: number;
}

function ffmpeg(input: Uint8Array, ...args: string[]): Buffer {
  const made = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', ...args], { input, maxBuffer: 1 << 28 });
  if (made.status !== 0) throw new Error(made.stderr.toString());
  return made.stdout;
}
const picture = ({ pixels, width, height }: Grey, ...how: string[]): Buffer => ffmpeg(pixels, '-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`, '-i', '-', ...how, '-f', 'image2', '-');
const png = (grey: Grey): Buffer => picture(grey, '-c:v', 'png', '-pix_fmt', 'rgb24');
const greyOf = (content: Uint8Array, width: number, height: number): Grey => ({ pixels: ffmpeg(content, '-f', 'image2pipe', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'), width, height });

function warped(content: Uint8Array, warp: Warp): Uint8Array {
  const frame = decodeStill(content);
  try {
    return warpStill(frame, warp);
  } finally {
    frame.free();
  }
}

/** Round spots on dark grey, each about its place. */
function marks(width: number, height: number, places: readonly (readonly [number, number])[], sigma = 2.5): Grey {
  const pixels = new Uint8Array(width * height).fill(40);
  for (const [x, y] of places) for (let row = Math.floor(y) - 12; row < y + 12; row += 1) for (let column = Math.floor(x) - 12; column < x + 12; column += 1) {
    if (row < 0 || column < 0 || row >= height || column >= width) continue;
    const far = (column + 0.5 - x) ** 2 + (row + 0.5 - y) ** 2;
    const at = row * width + column;
    pixels[at] = Math.max(pixels[at] as number, Math.round(40 + 180 * Math.exp(-far / (2 * sigma * sigma))));
  }
  return { pixels, width, height };
}

/** Where the light is around a place. */
function centreOf({ pixels, width }: Grey, [x, y]: readonly [number, number], reach = 9): [number, number] {
  let [sum, sx, sy] = [0, 0, 0];
  for (let row = Math.round(y) - reach; row <= y + reach; row += 1) for (let column = Math.round(x) - reach; column <= x + reach; column += 1) {
    const light = Math.max(0, (pixels[row * width + column] as number) - 48);
    [sum, sx, sy] = [sum + light, sx + light * (column + 0.5), sy + light * (row + 0.5)];
  }
  return [sx / sum, sy / sum];
}

const through = (m: readonly number[], x: number, y: number): [number, number] => {
  const w = (m[6] as number) * x + (m[7] as number) * y + 1;
  return [((m[0] as number) * x + (m[1] as number) * y + (m[2] as number)) / w, ((m[3] as number) * x + (m[4] as number) * y + (m[5] as number)) / w];
};

/** The quad 141,131 480,159 493,630 64,601 and the rectangle of 300 x 400. */
const BACK = [1.1473024860919665, -0.2261188653424698, 141, 0.099064781851297232, 0.85929784264336928, 131, 3.6046846024930336e-5, -5.2529477097609106e-4, 1];
const THERE = [0.9204943966771868, 0.15080440115775195, -149.54508648314888, -0.093568369828328835, 1.1328456204215547, -135.2096361294293, -8.2331895183411632e-5, 5.8964185770219346e-4, 1];
const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];

describe.skipIf(missing !== null)('a warped picture', () => {
  it.each([['PNG', png], ['JPEG', (grey: Grey) => picture(grey, '-c:v', 'mjpeg', '-q:v', '2', '-pix_fmt', 'yuvj420p')]] as const)('of a %s has its marks where the homography says, within half a pixel', (_kind, coded) => {
    const places: [number, number][] = [];
    for (const u of [15, 90.4, 150, 210.7, 285]) for (const v of [15, 110.3, 200, 290.6, 385]) places.push(through(BACK, u, v));
    const made = greyOf(warped(coded(marks(560, 700, places)), { back: BACK, width: 300, height: 400 }), 300, 400);
    const off = places.map(([x, y]) => {
      const wanted = through(THERE, x, y);
      const [u, v] = centreOf(made, wanted);
      return Math.hypot(u - wanted[0], v - wanted[1]);
    });
    console.info(`marks are off by ${Math.max(...off).toFixed(3)} pixels at most, ${(off.reduce((sum, one) => sum + one, 0) / off.length).toFixed(3)} in the mean`);
    expect(Math.max(...off)).toBeLessThan(0.5);
    // Half-pixel conventions that differ would show as half a pixel everywhere: it is far less.
    expect(off.reduce((sum, one) => sum + one, 0) / off.length).toBeLessThan(0.1);
  });

  it('that is not changed is the same, and a cut is the same pixels', () => {
    const street = ffmpeg(new Uint8Array(), '-ss', '3', '-i', DEMO_CLIP, '-frames:v', '1', '-f', 'image2', '-c:v', 'png', '-');
    const frame = decodeStill(street);
    const { width, height } = frame;
    frame.free();
    const before = greyOf(street, width, height).pixels;
    const same = greyOf(warped(street, { back: IDENTITY, width, height }), width, height).pixels;
    const cut = greyOf(warped(street, { back: [1, 0, 101, 0, 1, 55, 0, 0, 1], width: 200, height: 150 }), 200, 150).pixels;
    let [off, offCut] = [0, 0];
    for (const [at, value] of before.entries()) off += Math.abs(value - (same[at] as number));
    for (let row = 0; row < 150; row += 1) for (let column = 0; column < 200; column += 1) offCut += Math.abs((cut[row * 200 + column] as number) - (before[(row + 55) * width + column + 101] as number));
    expect(off / before.length).toBeLessThan(2);
    expect(offCut / cut.length).toBeLessThan(2);
  });

  it('is grey where there is no picture, and does not flicker where it is made smaller', () => {
    const stripes: Grey = { pixels: Uint8Array.from({ length: 400 * 400 }, (_unused, at) => ((at % 400) % 2 === 0 ? 0 : 255)), width: 400, height: 400 };
    const made = greyOf(warped(png(stripes), { back: [4, 0, -200, 0, 4, 0, 0, 0, 1], width: 150, height: 100 }), 150, 100).pixels;
    const line = [...made.subarray(50 * 150, 51 * 150)];
    for (const value of line.slice(2, 47)) expect(Math.abs(value - 114)).toBeLessThan(6);
    for (const value of line.slice(55, 145)) expect(Math.abs(value - 127)).toBeLessThan(12);
  });

  it('is refused where it makes no sense', () => {
    const content = png(marks(64, 64, []));
    expect(() => warped(content, { back: [1, 0], width: 10, height: 10 })).toThrow(MediaError);
    expect(() => warped(content, { back: IDENTITY, width: 10.5, height: 10 })).toThrow('expected a size in whole pixels, got 10.5x10');
    expect(warped(content, { back: IDENTITY, width: 33, height: 17 }).byteLength).toBeGreaterThan(100);
  });
});
