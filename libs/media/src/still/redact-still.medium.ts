import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { decodeStill } from './decode-still.js';
import { redactStill, type Redaction } from './redact-still.js';

/** Real: pictures that ffmpeg made, and ffmpeg as the judge. */
const SIZES = [[320, 240], [321, 241]] as const;
const picture = (width: number, height: number, format = 'yuvj420p'): Buffer =>
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=size=640x480:duration=1,noise=alls=40,format=rgb24,crop=${width}:${height}:exact=1`, '-frames:v', '1', '-pix_fmt', format, '-metadata', 'comment=secret', '-f', 'mjpeg', '-q:v', '2', '-']);
const rgb = (content: Uint8Array): Buffer => execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], { input: content, maxBuffer: 1 << 26 });

function redacted(content: Uint8Array, how: Redaction['how'], boxes: Redaction['boxes']): Uint8Array {
  const frame = decodeStill(content);
  try {
    return redactStill(frame, { boxes, how });
  } finally {
    frame.free();
  }
}

/** From the darkest to the lightest value. */
function spread(pixels: Buffer, width: number, left: number, top: number, right: number, bottom: number): number {
  let [least, most] = [255, 0];
  for (let y = top; y < bottom; y += 1) for (let at = (y * width + left) * 3; at < (y * width + right) * 3; at += 1) [least, most] = [Math.min(least, pixels[at]!), Math.max(most, pixels[at]!)];
  return most - least;
}

describe.each(SIZES)('a redacted picture of %dx%d', (width, height) => {
  const inside = { x: 101, y: 51, width: 61, height: 40 };
  // Over the corner: the last row and column, too.
  const corner = { x: width - 40.5, y: height - 30.5, width: 100, height: 100 };

  it.each(['mosaic', 'blur', 'fill'] as const)('has nothing left of what was covered by %s, and all of the rest', (how) => {
    const source = picture(width, height);
    const made = redacted(source, how, [inside, corner]);
    const [before, after] = [rgb(source), rgb(made)];
    expect(after.length).toBe(width * height * 3);
    let [worst, sum, count] = [0, 0, 0];
    for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) {
      // Blocks of the coder reach over the edge.
      const isNear = (box: typeof inside) => x > box.x - 18 && x < box.x + box.width + 18 && y > box.y - 18 && y < box.y + box.height + 18;
      if (isNear(inside) || isNear(corner)) continue;
      for (let channel = 0; channel < 3; channel += 1) {
        const difference = Math.abs(before[(y * width + x) * 3 + channel]! - after[(y * width + x) * 3 + channel]!);
        [worst, sum, count] = [Math.max(worst, difference), sum + difference, count + 1];
      }
    }
    expect(sum / count).toBeLessThan(4);
    expect(worst).toBeLessThan(64);
    // Blocks of the coder that lie inside: of one colour. Grey was not what was there.
    for (const [left, top, right, bottom] of [[118, 68, 146, 75], [width - 24, height - 14, width, height]] as const) {
      expect(spread(before, width, left, top, right, bottom)).toBeGreaterThan(60);
      if (how === 'fill') expect(spread(after, width, left, top, right, bottom)).toBeLessThanOrEqual(2);
    }
  });

  it.each(['mosaic', 'blur'] as const)('depends on the means of few squares alone (%s)', (how) => {
    // Of each square of 12 pixels the inside is turned around: its mean stays, everything else goes. Its edge stays, since colours are mixed over it.
    const source = rgb(picture(width, height));
    const box = { x: 48, y: 48, width: 72, height: 72 };
    const turned = Buffer.from(source);
    for (let y = 0; y < 72; y += 1) for (let x = 0; x < 72; x += 1) {
      if (Math.min(x % 12, y % 12) < 2 || Math.max(x % 12, y % 12) > 9) continue;
      const [cx, cy] = [Math.floor(x / 12) * 12, Math.floor(y / 12) * 12];
      const [fx, fy] = [cx + 11 - (x - cx), cy + 11 - (y - cy)];
      source.copy(turned, ((48 + y) * width + 48 + x) * 3, ((48 + fy) * width + 48 + fx) * 3, ((48 + fy) * width + 48 + fx) * 3 + 3);
    }
    const png = (pixels: Buffer): Buffer => execFileSync('ffmpeg', ['-v', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-i', '-', '-frames:v', '1', '-f', 'image2', '-c:v', 'png', '-'], { input: pixels });
    const [one, other] = [source, turned].map((pixels) => rgb(redacted(png(pixels), how, [box]))) as [Buffer, Buffer];
    let [worst, given] = [0, 0];
    for (let at = 0; at < source.length; at += 1) given = Math.max(given, Math.abs(source[at]! - turned[at]!));
    expect(given).toBeGreaterThan(150);
    for (let y = 52; y < 116; y += 1) for (let x = 52; x < 116; x += 1) for (let channel = 0; channel < 3; channel += 1) worst = Math.max(worst, Math.abs(one[(y * width + x) * 3 + channel]! - other[(y * width + x) * 3 + channel]!));
    // Of rounding before the coder's steps, and after them.
    expect(worst).toBeLessThan(12);
  });
});

it('takes nothing of the old file along', () => {
  const source = picture(320, 240);
  const text = Buffer.from('Exif\0\0secret of the camera');
  const exif = Buffer.concat([source.subarray(0, 2), Buffer.from([0xff, 0xe1, 0, text.length + 2]), text, source.subarray(2)]);
  expect(exif.includes('secret')).toBe(true);
  const made = Buffer.from(redacted(exif, 'mosaic', []));
  expect([made.includes('secret'), made.includes('Exif')]).toEqual([false, false]);
});
