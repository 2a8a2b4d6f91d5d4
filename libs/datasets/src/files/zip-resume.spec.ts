import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom } from '@argus/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ArchiveChangedError } from '../errors.js';
import type { FileSink } from '../file-tree.js';
import { writeCoco } from '../formats/coco-write.js';
import { writeWebDataset } from '../formats/webdataset.js';
import { writeYolo } from '../formats/yolo-write.js';
import { madeSample, sourceOf } from '../package/made-samples.js';
import { journalOf } from '../package/zip-part.js';
import type { SampleSource } from '../sample-source.js';
import { openFileTree } from './open-file-tree.js';
import { partOf, ZipSink } from './zip-sink.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-resume-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const SAMPLES = Array.from({ length: 90 }, (_, number) => madeSample(number));
const FLUSH = { flushBytes: 8_000, flushMs: 3_600_000 };
const WRITERS = { coco: writeCoco, yolo: writeYolo, webdataset: (source: SampleSource, sink: FileSink) => writeWebDataset(source, sink, { shardBytes: 60_000 }) };
const digestOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');
class Killed extends Error {}

/** Stands for a kill: the next picture is not read any more. `read`: bytes that were. */
function dying(after: number): SampleSource & { read: SampleSource['read']; readBytes: () => number } {
  const source = sourceOf(SAMPLES);
  let reads = 0;
  let bytes = 0;
  return {
    ...source,
    async read(sha256) {
      reads += 1;
      if (reads > after) throw new Killed();
      const content = await source.read(sha256);
      bytes += content.byteLength;
      return content;
    },
    readBytes: () => bytes,
  };
}

describe.each(Object.entries(WRITERS))('a zip with %s whose writer was killed', (_name, write) => {
  it('is gone on with behind the last flush, whatever the disk lost, and is the same to the last byte', async () => {
    const random = seededRandom(7);
    const calm = join(folder, 'calm.zip');
    const undisturbed = await ZipSink.open(calm);
    const counted = await write(sourceOf(SAMPLES), undisturbed);
    await undisturbed.close();
    for (let round = 0; round < 6; round += 1) {
      const file = join(folder, `${round}.zip`);
      let readBytes = 0;
      for (let kills = 0; ; kills += 1) {
        const sink = await ZipSink.open(file, { about: 'made', ...FLUSH });
        expect(sink.refusal).toBeNull();
        const source = dying(kills < 4 ? Math.floor(random() * 40) : Infinity);
        const { bytes } = sink.kept;
        try {
          expect(await write(source, sink)).toEqual(counted);
          await sink.close();
          readBytes += source.readBytes();
          break;
        } catch (error) {
          expect(error).toBeInstanceOf(Killed);
          await sink.abandon();
          readBytes += source.readBytes();
        }
        // A disk that had not written yet what no line names, or not even that: then the newest lines are of no use.
        const part = partOf(file);
        const cut = random();
        if (cut < 0.4) truncateSync(part, bytes + Math.floor(random() * (statSync(part).size - bytes)));
        else if (cut < 0.6) truncateSync(journalOf(part), statSync(journalOf(part)).size - Math.floor(random() * 40));
        else if (cut < 0.8) writeFileSync(part, readFileSync(part).fill(0, Math.max(bytes, statSync(part).size - 3_000)));
      }
      expect(digestOf(file)).toBe(digestOf(calm));
      // Each of the four kills costs a flush, and what the disk lost after it.
      expect(readBytes).toBeLessThan(SAMPLES.reduce((sum, { sample }) => sum + sample.bytes, 0) + 4 * 45_000);
    }
  });

  it('is begun anew where it is of something else, and refused where it only seems to be the same', async () => {
    const file = join(folder, 'set.zip');
    const first = await ZipSink.open(file, { about: 'one', ...FLUSH });
    await expect(write(dying(60), first)).rejects.toThrow(Killed);
    await first.abandon();
    const less = await ZipSink.open(file, { about: 'one', ...FLUSH });
    expect(less.kept.entries).toBeGreaterThan(0);
    await expect(write(sourceOf(SAMPLES.slice(40)), less)).rejects.toThrow(ArchiveChangedError);
    await less.abandon();
    const other = await ZipSink.open(file, { about: 'two', ...FLUSH });
    expect([other.kept.entries, other.refusal]).toEqual([0, 'the set or what was asked for has changed']);
    await write(sourceOf(SAMPLES.slice(40)), other);
    await other.close();
    const tree = await openFileTree(file);
    for await (const { path } of tree.files()) await tree.read(path);
    await tree.close();
  });
});
