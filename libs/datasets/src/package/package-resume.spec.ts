import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sample } from '@argus/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SampleSource } from '../sample-source.js';
import { madeSample } from './made-samples.js';
import type { DatasetDescription } from './manifest.js';
import { writeDataset } from './write-dataset.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-package-resume-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** More than a row group of pictures. */
const COUNT = 40_000;
const PLACE = 32_768;
const DESCRIPTION = { name: 'large', createdAt: '2026-11-28T10:00:00Z' } as DatasetDescription;
const TEMPLATES = Array.from({ length: 60 }, (_, number) => madeSample(number).sample);
const sampleOf = (number: number): Sample => ({ ...(TEMPLATES[number % TEMPLATES.length] as Sample), sha256: number.toString(16).padStart(64, '0'), name: `${number}.jpg`, annotations: number % 50 === 0 ? (TEMPLATES[7] as Sample).annotations : [] });
class Killed extends Error {}

/** Stands for a kill behind so many samples. */
function dying(before: number): SampleSource & { readonly first: () => number } {
  let first = -1;
  return {
    name: 'large',
    async *samples(after = '') {
      for (let number = after === '' ? 0 : Number.parseInt(after, 16) + 1; number < COUNT; number += 1) {
        if (first < 0) first = number;
        if (number >= before) throw new Killed();
        yield sampleOf(number);
      }
    },
    read: () => Promise.reject(new Error('no pictures')),
    first: () => first,
  };
}

describe('a package whose writer was killed', () => {
  it('is gone on with behind its last place, and is the same to the last byte', { timeout: 240_000 }, async () => {
    const calm = join(folder, 'calm.imgdataset');
    const written = await writeDataset(dying(Infinity), DESCRIPTION, calm, { pictures: 'elsewhere' });
    const work = join(folder, 'work');
    const write = async (before: number, about: string, name = 'stormy'): Promise<{ first: number; entries: number; version: string | null }> => {
      const source = dying(before);
      let entries = 0;
      const resumable = { folder: work, about, onBegin: (kept: { readonly entries: number }) => void (entries = Math.max(entries, kept.entries)) };
      const version = await writeDataset(source, DESCRIPTION, join(folder, name), { pictures: 'elsewhere', resumable }).then((done) => done.version, (error: unknown) => (error instanceof Killed ? null : Promise.reject(error as Error)));
      return { first: source.first(), entries, version };
    };
    expect(await write(36_000, 'one')).toEqual({ first: 0, entries: 0, version: null });
    // Killed again before it came any further than the one before.
    expect(await write(PLACE + 10, 'one')).toEqual({ first: PLACE, entries: PLACE, version: null });
    expect(await write(Infinity, 'one')).toEqual({ first: PLACE, entries: PLACE, version: written.version });
    expect(readFileSync(join(folder, 'stormy')).equals(readFileSync(calm))).toBe(true);
    // Of another set, or not as it was written: from the beginning.
    expect(await write(34_000, 'two', 'damaged')).toMatchObject({ first: 0 });
    const table = join(work, readdirSync(work).find((name) => name.endsWith('-images.parquet')) as string);
    writeFileSync(table, readFileSync(table).fill(0, 5_000, 6_000));
    expect(await write(Infinity, 'two', 'damaged')).toEqual({ first: 0, entries: 0, version: written.version });
    expect(readFileSync(join(folder, 'damaged')).equals(readFileSync(calm))).toBe(true);
  });
});
