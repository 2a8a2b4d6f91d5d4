import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSegment, walkSegment, type WalkedSegment } from './read-segment.js';
import { parseName } from './segment-description.js';

const PATH = fileURLToPath(new URL('../fixtures/1700000000000-segment.mp4', import.meta.url));
const WHOLE = readFileSync(PATH);

/** Fails when more is read than there is, as a file would. */
function walk(bytes: Buffer): Promise<WalkedSegment> {
  return walkSegment({
    size: bytes.length,
    read: (offset, length) => {
      if (offset + length > bytes.length) throw new Error(`read behind the end: ${offset} + ${length}`);
      return Promise.resolve(bytes.subarray(offset, offset + length));
    },
  });
}

function expectSound({ fragments, bytes, head, problem }: WalkedSegment, size: number): void {
  let end = head?.bytes.length ?? 0;
  for (const fragment of fragments) {
    expect(fragment.offset).toBe(end);
    end += fragment.bytes;
  }
  expect(bytes).toBe(end);
  expect(problem === null ? end === size : end <= size).toBe(true);
  if (problem !== null) expect(problem.message).toMatch(/^box .* at byte \d+: expected /);
}

describe('readSegment', () => {
  it('describes a segment', async () => {
    expect(await readSegment(PATH)).toMatchObject({
      id: 'segment', startMs: 1_700_000_000_000, endMs: 1_700_000_002_000, bytes: WHOLE.length, codec: 'h264', codecString: 'avc1.64000b', width: 192, height: 144, connection: null,
      fragments: [{ startMs: 0, durationMs: 1000, packets: 10 }, { startMs: 1000, durationMs: 1000, packets: 10 }],
    });
  });
});

describe('walkSegment', () => {
  it('gives the whole fragments of what was cut off', async () => {
    const { fragments } = await walk(WHOLE);
    const ends = fragments.map(({ offset, bytes }) => offset + bytes);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: WHOLE.length - 1 }), async (length) => {
        const walked = await walk(WHOLE.subarray(0, length));
        expectSound(walked, length);
        expect(walked.fragments).toEqual(fragments.slice(0, ends.filter((end) => end <= length).length));
      }),
      { numRuns: 500 },
    );
  });

  it('says what is wrong, or gives what is sound, when a bit is flipped', async () => {
    const { head, fragments } = await walk(WHOLE);
    const indexBytes = (head?.bytes.length ?? 0) + 400;
    // Mostly where the boxes are.
    const place = fc.oneof(fc.integer({ min: 0, max: indexBytes * 8 - 1 }), fc.integer({ min: 0, max: WHOLE.length * 8 - 1 }));
    await fc.assert(
      fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 3 }), async (bits) => {
        const bytes = Buffer.from(WHOLE);
        for (const bit of bits) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const walked = await walk(bytes);
        expectSound(walked, bytes.length);
        const touched = Math.min(...bits) >> 3;
        const untouched = fragments.filter(({ offset, bytes: size }) => offset + size <= touched);
        expect(walked.fragments.slice(0, untouched.length)).toEqual(untouched);
      }),
      { numRuns: 2000 },
    );
  });

  it('does not choke on noise', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => expectSound(await walk(Buffer.from(bytes)), bytes.length)));
  });
});

describe('parseName', () => {
  it('tells start, id and whether the file was closed', () => {
    expect(parseName('/a/1700000000000-0190-ab.mp4.part')).toEqual({ startMs: 1_700_000_000_000, id: '0190-ab', open: true });
    expect(parseName('5-x.mp4').open).toBe(false);
  });

  it.each(['x.mp4', '5-.mp4', '5-x.mp4.part.part', '-5-x.mp4', '5-x.mkv', '5-x/y.txt'])('refuses %s', (name) => {
    expect(() => parseName(name)).toThrow('expected a segment named');
  });
});
