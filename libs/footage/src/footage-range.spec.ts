import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FootageFileError } from './footage-file-error.js';
import { FootageRange } from './footage-range.js';
import type { FootageSource } from './footage-source.js';
import { planFootage, type FootagePlan } from './plan-footage.js';
import { readSegment, walkSegment } from './read-segment.js';
import type { SegmentDescription } from './segment-description.js';

const PATH = fileURLToPath(new URL('../fixtures/1700000000000-segment.mp4', import.meta.url));
const WHOLE = readFileSync(PATH);
const described = await readSegment(PATH);

/** Files in memory, as an object store would give them. Counts what is open, and what was read. */
class Store {
  readonly files = new Map<string, Buffer>();
  open = 0;
  read = 0;

  readonly opener = (path: string): Promise<FootageSource> => {
    const bytes = this.files.get(path);
    if (bytes === undefined) return Promise.reject(FootageFileError.of(path, 'a file that can be read', 'none'));
    this.open += 1;
    return Promise.resolve({
      size: bytes.length,
      read: (offset, length) => {
        if (offset + length > bytes.length) throw new Error('read behind the end');
        this.read += length;
        return Promise.resolve(Buffer.from(bytes.subarray(offset, offset + length)));
      },
      close: () => Promise.resolve(void (this.open -= 1)),
    });
  };
}

/** Three files of two groups of a second each, without a gap. */
function setUp(fromMs = 0, toMs = 6000) {
  const store = new Store();
  const startMs = 1_700_000_000_000;
  const segments: SegmentDescription[] = [0, 2000, 4000].map((atMs) => ({ ...described, path: `cam/${atMs}.mp4`, startMs: startMs + atMs, endMs: startMs + atMs + 2000 }));
  for (const { path } of segments) store.files.set(path, WHOLE);
  const plan = planFootage(segments, startMs + fromMs, startMs + toMs) as FootagePlan;
  return { store, plan, range: new FootageRange(plan, store.opener) };
}

async function bytesOf(parts: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}
const wholeOf = (bytes: Buffer) => walkSegment({ size: bytes.length, read: (offset, length) => Promise.resolve(bytes.subarray(offset, offset + length)) });

describe('FootageRange', () => {
  it('is one film whose time runs on from file to file', async () => {
    const { range, store } = setUp(1500, 6000);
    const film = await bytesOf(range);
    const { problem, fragments } = await wholeOf(film);
    expect([film.length, problem, store.open]).toEqual([range.byteLength, null, 0]);
    expect(fragments.map(({ startMs }) => startMs)).toEqual([0, 1000, 2000, 3000, 4000]);
  });

  it('gives any stretch of it as it is in the whole, and looks at no file that has no part in it', async () => {
    const whole = await bytesOf(setUp().range);
    const place = fc.integer({ min: 0, max: whole.length - 1 });
    await fc.assert(
      fc.asyncProperty(place, place, async (one, other) => {
        const [first, last] = [Math.min(one, other), Math.max(one, other)];
        const { range, store, plan } = setUp();
        let at = 0;
        for (const [index, { segment, first: from, last: to }] of plan.pieces.entries()) {
          const start = at;
          at += segment.fragments.slice(from, to + 1).reduce((sum, { bytes }) => sum + bytes, index === 0 ? segment.headBytes : 0);
          if (start > last || at <= first) store.files.delete(segment.path);
        }
        await range.check(first, last);
        expect((await bytesOf(range.read(first, last))).equals(whole.subarray(first, last + 1))).toBe(true);
        expect(store.open).toBe(0);
      }),
    );
  });

  it.each([
    ['is gone', (store: Store) => void store.files.delete('cam/2000.mp4'), 'found none'],
    ['was cut', (store: Store) => void store.files.set('cam/2000.mp4', WHOLE.subarray(0, -1)), `expected ${WHOLE.length} bytes, found ${WHOLE.length - 1}`],
    ['is none', (store: Store) => void store.files.set('cam/2000.mp4', Buffer.alloc(WHOLE.length, 65)), 'box AAAA at byte 0: expected ftyp here'],
    ['has another head', (store: Store) => void store.files.set('cam/2000.mp4', Buffer.from(WHOLE).fill(9, WHOLE.indexOf('avcC') + 12, WHOLE.indexOf('avcC') + 16)), 'expected the head'],
  ])('says before the first byte which file %s', async (_what, damage, words) => {
    const { range, store } = setUp();
    damage(store);
    const error = (await range.check().catch((thrown: unknown) => thrown)) as FootageFileError;
    expect(error).toBeInstanceOf(FootageFileError);
    expect(error.message).toContain('cam/2000.mp4');
    expect(error.message).toContain(words);
    expect(store.open).toBe(0);
  });

  it('reads no further than it is asked, and closes the file when nobody goes on', async () => {
    const { range, store } = setUp();
    for await (const part of range) {
      expect(part.toString('latin1', 4, 8)).toBe('ftyp');
      break;
    }
    expect([store.open, store.read < described.headBytes + 20]).toEqual([0, true]);
  });
});
