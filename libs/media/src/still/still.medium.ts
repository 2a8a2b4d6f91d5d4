import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEMO_CLIP, whyNoClips } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractFrames } from '../extract/extract-frames.js';
import { decodeStill, stillType } from './decode-still.js';
import { measureStill } from './measure-still.js';
import { hashDistance } from './perceptual-hash.js';
import { rgbDigest } from './rgb-digest.js';
import { StillError } from './still-error.js';
import { thumbnail } from './thumbnail.js';

/** Real: the native library, pictures of the demo's street, what ffmpeg makes of them. */
const missing = whyNoClips();
if (missing !== null) console.warn(`skipped: ${missing}`);

const measured = (bytes: Uint8Array) => withStill(bytes, measureStill);
function withStill<T>(bytes: Uint8Array, look: (frame: ReturnType<typeof decodeStill>) => T): T {
  const frame = decodeStill(bytes);
  try {
    return look(frame);
  } finally {
    frame.free();
  }
}

describe.skipIf(missing !== null)('stills', () => {
  let folder: string;
  let street: Buffer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'argus-stills-'));
    street = await make('street.png', ['-ss', '3', '-i', DEMO_CLIP]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function make(name: string, args: readonly string[]): Promise<Buffer> {
    const path = join(folder, name);
    const made = spawnSync('ffmpeg', ['-v', 'error', '-nostdin', '-y', ...args, '-frames:v', '1', path], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(made.stderr);
    return readFile(path);
  }
  const again = (name: string, ...args: string[]) => make(name, ['-i', join(folder, 'street.png'), ...args]);

  it('reads JPEG, PNG, WebP and BMP, by their content, and hashes what was decoded', async () => {
    const files = { 'image/png': street, 'image/bmp': await again('a.bmp'), 'image/webp': await again('a.webp', '-lossless', '1', '-pix_fmt', 'bgra'), 'image/jpeg': await again('a.jpg', '-q:v', '2') };
    const digests = new Map<string, string>();
    for (const [type, bytes] of Object.entries(files)) {
      expect(stillType(bytes)).toBe(type);
      digests.set(type, withStill(bytes, rgbDigest));
      expect(withStill(bytes, ({ width, height }) => [width, height])).toEqual([768, 576]);
    }
    expect(digests.get('image/bmp')).toBe(digests.get('image/png'));
    expect(digests.get('image/webp')).toBe(digests.get('image/png'));
    expect(digests.get('image/jpeg')).not.toBe(digests.get('image/png'));
  });

  it('finds a picture the less sharp the more it is blurred (Spearman >= 0.95)', async () => {
    const sharpness: number[] = [];
    for (let sigma = 0; sigma <= 4; sigma += 0.4) sharpness.push(measured(await again(`blur-${sigma}.png`, '-vf', `gblur=sigma=${sigma}`)).sharpness);
    const rank = sharpness.map((value) => sharpness.filter((other) => other > value).length);
    const squares = rank.reduce((sum, place, at) => sum + (place - at) ** 2, 0);
    const n = rank.length;
    expect(1 - (6 * squares) / (n * (n * n - 1))).toBeGreaterThanOrEqual(0.95);
  });

  it('gives the same scene nearly the same hash, and another scene another', async () => {
    const { phash } = measured(street);
    const same = [
      ...(await Promise.all([3, 6, 9, 12].map((q) => again(`q${q}.jpg`, '-q:v', String(q))))),
      await again('half.png', '-vf', 'scale=384:288'), await again('odd.jpg', '-vf', 'scale=501:377', '-q:v', '5'), await again('double.jpg', '-vf', 'scale=1536:1152', '-q:v', '3'),
      await again('light.png', '-vf', 'eq=brightness=0.03'), await again('dark.png', '-vf', 'eq=brightness=-0.03'),
    ].map((bytes) => hashDistance(phash, measured(bytes).phash));
    expect(Math.max(...same)).toBeLessThanOrEqual(4);
    const others = ['mandelbrot=size=768x576', 'testsrc2=size=768x576', 'cellauto=size=768x576', 'life=size=768x576:mold=10:ratio=0.1', 'gradients=size=768x576:seed=3'];
    const far = await Promise.all(others.map(async (source, at) => hashDistance(phash, measured(await make(`other-${at}.png`, ['-f', 'lavfi', '-i', source])).phash)));
    expect(Math.min(...far, hashDistance(phash, measured(await again('mirror.png', '-vf', 'hflip')).phash))).toBeGreaterThan(12);
  });

  it('measures brightness as a share of white, whatever the range of the picture', async () => {
    const grey = (level: number, name: string) => make(name, ['-f', 'lavfi', '-i', `color=c=0x${level.toString(16).padStart(2, '0').repeat(3)}:size=64x64`]);
    for (const [level, name] of [[0, 'black.png'], [128, 'grey.jpg'], [255, 'white.png']] as const) expect(measured(await grey(level, name)).brightness).toBeCloseTo(level / 255, 1);
  });

  it('measures an extracted picture as the JPEG that was made of it', async () => {
    for await (const { quality, jpeg, frameIndex } of extractFrames({ path: DEMO_CLIP, choice: { kind: 'frames', every: 300 }, size: { width: 641, height: 481 }, measure: true })) {
      const read = measured(jpeg);
      expect(hashDistance(quality?.phash ?? '', read.phash), `picture ${frameIndex}`).toBeLessThanOrEqual(2);
      expect(Math.abs((quality?.brightness ?? 0) - read.brightness)).toBeLessThan(0.01);
      expect((quality?.sharpness ?? 0) / read.sharpness).toBeCloseTo(1, 0);
    }
  });

  it('makes small pictures, and leaves small ones as they are', () => {
    const small = thumbnail(street, 101);
    expect(withStill(small, ({ width, height }) => [width, height])).toEqual([101, 76]);
    expect(withStill(thumbnail(small, 500), ({ width, height }) => [width, height])).toEqual([101, 76]);
  });

  it.each<[string, () => Uint8Array]>([
    ['nothing', () => new Uint8Array(0)],
    ['text', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['a picture that is cut off', () => street.subarray(0, 60)],
    ['a size that is a lie', () => Buffer.concat([street.subarray(0, 16), Buffer.from('7fffffff7fffffff', 'hex'), street.subarray(24)])],
  ])('refuses %s', (_what, bytes) => expect(() => decodeStill(bytes())).toThrow(StillError));
});
