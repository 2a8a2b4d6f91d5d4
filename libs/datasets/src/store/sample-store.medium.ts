import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SampleDiskLowError } from '../errors.js';
import { SampleStore } from './sample-store.js';

// Real: files on a disk. Two stores of one folder stand for two processes: they share nothing but the files.
let folder: string;
let made = 0;
const freshRoot = (): string => join(folder, String((made += 1)));
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-samples-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LATER = { graceMs: 0, nowMs: Date.now() + 60_000 };

describe('a store of samples', () => {
  it('keeps a picture once, whoever puts it, and gives it to everybody', async () => {
    const root = freshRoot();
    const [one, two] = [await SampleStore.open(root), await SampleStore.open(root)];
    const picture = randomBytes(2000);
    expect(await one.put(picture, { extension: 'jpg', owner: 'north' })).toEqual({ sha256: sha256Of(picture), isNew: true });
    await one.commit();
    expect(await two.has(sha256Of(picture))).toBe(true);
    expect((await two.put(picture, { extension: 'jpg', owner: 'south' })).isNew).toBe(false);
    expect((await one.put(picture, { extension: 'jpg', owner: 'west' })).isNew).toBe(false);
    expect(sha256Of(await two.read(sha256Of(picture)))).toBe(sha256Of(picture));
    await expect(two.read('0'.repeat(64))).rejects.toThrow('it is not there');
    await expect(two.put(picture, { extension: 'jpg', owner: '../out' })).rejects.toThrow('owner of shards');
    await expect(two.put(picture, { extension: 'jpg', owner: 'north' })).rejects.toThrow('expected nobody else to write there');
    await one.close();
    await two.close();
  });

  it('writes again what it had read of before the writer had to cut it off', async () => {
    const root = freshRoot();
    const pictures = [randomBytes(2000), randomBytes(3000), randomBytes(1000)] as const;
    const before = await SampleStore.open(root);
    for (const picture of pictures) await before.put(picture, { extension: 'jpg', owner: 'north' });
    await before.close();
    const after = await SampleStore.open(root);
    // A disk that kept the index, and of the archive not all that it said to have written.
    truncateSync(join(root, 'shards/north/000001.tar'), 3000);
    const put = await Promise.all(pictures.map((picture) => after.put(picture, { extension: 'jpg', owner: 'north' })));
    expect(put.map(({ isNew }) => isNew)).toEqual([false, true, true]);
    await after.commit();
    for (const picture of pictures) expect(sha256Of(await after.read(sha256Of(picture)))).toBe(sha256Of(picture));
    await after.close();
  });

  it('stops before the disk is full, and goes on when there is room', async () => {
    let free = 1000;
    const store = await SampleStore.open(freshRoot(), { lowWaterBytes: 900, diskUse: async () => ({ bytes: 5000, usedBytes: 5000 - free }) });
    await expect(store.put(randomBytes(200), { extension: 'jpg', owner: 'a' })).rejects.toThrow(SampleDiskLowError);
    await store.put(randomBytes(50), { extension: 'jpg', owner: 'a' });
    free -= 50;
    await expect(store.put(randomBytes(60), { extension: 'jpg', owner: 'a' })).rejects.toThrow(/to stay free/);
    free = 5000;
    await store.put(randomBytes(60), { extension: 'jpg', owner: 'a' });
    await store.close();
  });

  it('removes what nothing refers to, packs what is mostly dead, and leaves alone what is young or being written', async () => {
    const root = freshRoot();
    const store = await SampleStore.open(root, { shardBytes: 10_000 });
    const pictures = Array.from({ length: 40 }, () => randomBytes(1500));
    for (const picture of pictures) await store.put(picture, { extension: 'png', owner: 'a' });
    await store.commit();
    const shards = () => readdirSync(join(root, 'shards', 'a')).filter((name) => name.endsWith('.tar'));
    const shas = pictures.map(sha256Of);
    const reader = await SampleStore.open(root);
    await reader.read(shas[0] as string);
    const before = shards().length;
    expect(await store.collect([])).toMatchObject({ shards: 0 });
    // Of the first shard one lives, of the second none, of the rest all.
    const wanted = [shas[0] as string, ...shas.slice(10)];
    const collected = await store.collect(wanted, LATER);
    expect(collected).toMatchObject({ shards: 2, pictures: 9, busy: [] });
    expect(shards()).toHaveLength(before - 2);
    for (const sha256 of wanted) expect(sha256Of(await reader.read(sha256))).toBe(sha256);
    for (const sha256 of shas.slice(1, 10)) await expect(store.read(sha256)).rejects.toThrow('it is not there');
    expect(await (await SampleStore.open(root)).collect(wanted, LATER)).toMatchObject({ shards: 0, busy: ['a'] });
    await store.close();
    // The archive that the packed go into is open while it is collected: it waits for the next.
    expect(await reader.collect([], LATER)).toMatchObject({ pictures: 30, busy: [] });
    expect(shards()).toEqual([]);
    await reader.close();
  });

  it('does not remove a picture that was put again, or an archive twice after a crash', async () => {
    const root = freshRoot();
    const store = await SampleStore.open(root, { shardBytes: 1000 });
    const [first, second] = [randomBytes(900), randomBytes(900)];
    for (const picture of [first, second, randomBytes(900)]) await store.put(picture, { extension: 'jpg', owner: 'a' });
    await store.commit();
    const old = new Date(Date.now() - 3 * 86_400_000);
    for (const name of ['000001', '000002']) utimesSync(join(root, 'shards', 'a', `${name}.tar`), old, old);
    expect((await store.put(first, { extension: 'jpg', owner: 'a' })).isNew).toBe(false);
    expect(await store.collect([])).toMatchObject({ shards: 1, pictures: 1 });
    expect(await store.has(sha256Of(first))).toBe(true);
    // A collection that was killed leaves an archive without an index.
    writeFileSync(join(root, 'shards', 'a', '000002.tar'), second);
    expect(await store.collect([sha256Of(first)], LATER)).toMatchObject({ shards: 1, pictures: 0 });
    await store.close();
  });
});
