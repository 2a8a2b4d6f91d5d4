import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetFileError, ShardLockedError } from '../errors.js';
import { madeSample, sourceOf } from '../package/made-samples.js';
import type { DatasetDescription } from '../package/manifest.js';
import { writeDataset } from '../package/write-dataset.js';
import { ImageMatrix, MatrixWriter } from './image-matrix.js';
import type { MatrixDescription } from './matrix-manifest.js';
import { sealMatrix, verifyMatrix } from './seal-matrix.js';

// Real: files on a disk.
let folder: string;
let made = 0;
const fresh = (): string => join(folder, `${(made += 1)}.imgmat`);
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-matrices-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DESCRIPTION = { name: '图矩 1', groupBy: 'camera', createdAt: '2026-11-28T10:00:00Z' } as MatrixDescription;
const digestOf = (number: number): string => number.toString(16).padStart(64, '0');

describe('a matrix', () => {
  it('grows set by set, and says again what was added, replaced and removed', async () => {
    const path = fresh();
    const writer = await MatrixWriter.create(path, DESCRIPTION);
    await writer.add({ name: '北门', versionDigest: digestOf(1), samples: 10 }, { name: 'south', versionDigest: digestOf(2), role: 'test', weight: 0.5, samples: 5 });
    await writer.add({ name: 'south', versionDigest: digestOf(3), role: 'test', later: [1] });
    await writer.add({ name: 'west', versionDigest: digestOf(4) });
    expect(await writer.remove('west')).toBe(true);
    expect(await writer.remove('west')).toBe(false);
    await expect(writer.add({ name: 'bad', versionDigest: 'x' })).rejects.toThrow('set "bad": versionDigest');
    await expect(MatrixWriter.open(path)).rejects.toThrow(ShardLockedError);
    await writer.close();
    await expect(MatrixWriter.create(path, DESCRIPTION)).rejects.toThrow('expected nothing there yet');
    // A crash left half a line.
    appendFileSync(join(path, 'sets.jsonl'), '{"name":"torn');
    const again = await MatrixWriter.open(path);
    await again.add({ name: 'east', versionDigest: digestOf(5), annotations: 7 });
    await again.close();
    const matrix = await ImageMatrix.open(path);
    expect([...matrix.sets.keys()]).toEqual(['北门', 'south', 'east']);
    expect(matrix.sets.get('south')).toEqual({ name: 'south', datasetId: null, versionDigest: digestOf(3), role: 'test', weight: 1, samples: 0, annotations: 0, later: [1] });
    expect(matrix.stats).toEqual({ sets: 3, train: 2, test: 1, samples: 10, annotations: 7 });
    await matrix.close();
    appendFileSync(join(path, 'sets.jsonl'), 'nonsense\n');
    await expect(ImageMatrix.open(path)).rejects.toThrow('sets.jsonl, line 7: expected JSON');
  });

  it('holds ten thousand sets; one more writes its own line only', async () => {
    const path = fresh();
    const writer = await MatrixWriter.create(path, DESCRIPTION);
    await writer.add(...Array.from({ length: 10_000 }, (_, number) => ({ name: `set ${number}`, versionDigest: digestOf(number), samples: number })));
    const before = statSync(join(path, 'sets.jsonl'));
    await writer.add({ name: 'one more', versionDigest: digestOf(10_000) });
    expect(statSync(join(path, 'sets.jsonl')).size - before.size).toBeLessThan(300);
    expect(statSync(join(path, 'sets.jsonl')).ino).toBe(before.ino);
    await writer.close();
    const matrix = await ImageMatrix.open(path);
    expect(matrix.stats.sets).toBe(10_001);
    const sealed = fresh();
    expect((await sealMatrix(matrix, sealed)).digest).toBe(matrix.digest);
    const again = await ImageMatrix.open(sealed);
    expect([...again.sets]).toEqual([...matrix.sets]);
    expect(again.manifest).toMatchObject({ name: '图矩 1', digest: matrix.digest, stats: { sets: 10_001 }, isSelfContained: false });
    await expect(again.openSet('set 1')).rejects.toThrow('it only names version');
    await again.close();
    await matrix.close();
  });

  it('may hold its sets, which are read where they lie; what is changed in it is named', async () => {
    const path = fresh();
    const writer = await MatrixWriter.create(path, DESCRIPTION);
    const packages = new Map<string, string>();
    for (const name of ['a', 'b']) {
      const file = join(folder, `${name}.imgdataset`);
      const samples = Array.from({ length: 8 }, (_, number) => madeSample(number + (name === 'a' ? 0 : 100)));
      const { version, counts } = await writeDataset(sourceOf(samples), { name, createdAt: '2026-11-28T10:00:00Z' } as DatasetDescription, file);
      packages.set(version, file);
      await writer.add({ name, versionDigest: version, samples: counts.samples }, { name: `${name} again`, versionDigest: version, role: 'test' });
    }
    await writer.close();
    const matrix = await ImageMatrix.open(path);
    const sealed = fresh();
    await sealMatrix(matrix, sealed, { packageOf: async ({ versionDigest }) => packages.get(versionDigest) as string });
    await expect(sealMatrix(matrix, fresh(), { packageOf: async () => [...packages.values()][0] as string })).rejects.toThrow('expected the version');
    const whole = await ImageMatrix.open(sealed);
    const set = await whole.openSet('b again');
    const names: string[] = [];
    for await (const sample of set.samples()) {
      names.push(sample.name);
      expect((await set.read(sample.sha256)).byteLength).toBe(sample.bytes);
    }
    expect(names.sort()).toEqual(Array.from({ length: 8 }, (_, number) => madeSample(number + 100).sample.name).sort());
    await expect(whole.openSet('c')).rejects.toThrow(DatasetFileError);
    await whole.close();
    expect(await verifyMatrix(sealed)).toEqual({ ok: true, problems: [], digest: matrix.digest });
    const bytes = readFileSync(sealed);
    const at = bytes.indexOf(readFileSync([...packages.values()][1] as string).subarray(0, 200)) + 150;
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(sealed, bytes);
    expect((await verifyMatrix(sealed)).problems).toEqual([{ path: `sets/${[...packages.keys()][1]}.imgdataset`, problem: expect.stringContaining('changed') }]);
    await matrix.close();
  });
});
