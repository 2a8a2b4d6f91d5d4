import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SampleDiskLowError } from '../errors.js';
import { SampleStore } from './sample-store.js';

// Real: files on a disk, collecting processes that are killed. Two stores of one folder stand for two processes: they share nothing but the files.
const BUILT = new URL('../../dist/index.js', import.meta.url).href;
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

  it('puts back what a killed collection had put aside, and never uses the number of a removed archive again', async () => {
    const root = freshRoot();
    const store = await SampleStore.open(root);
    const [first, second] = [randomBytes(900), randomBytes(900)];
    await store.put(first, { extension: 'jpg', owner: 'a' });
    await store.close();
    const at = (name: string) => join(root, 'shards', 'a', name);
    for (const name of ['000001.tar', '000001.idx.jsonl']) renameSync(at(name), at(`${name}.gone`));
    const collector = await SampleStore.open(root);
    expect(await collector.collect([sha256Of(first)], LATER)).toMatchObject({ shards: 0 });
    expect(sha256Of(await collector.read(sha256Of(first)))).toBe(sha256Of(first));
    expect(await collector.collect([], LATER)).toMatchObject({ shards: 1, pictures: 1 });
    const again = await SampleStore.open(root);
    await again.put(second, { extension: 'jpg', owner: 'a' });
    // It still remembers the first archive, as another process would.
    expect((await again.put(first, { extension: 'jpg', owner: 'a' })).isNew).toBe(true);
    await again.close();
    expect([existsSync(at('000001.tar')), existsSync(at('000002.tar'))]).toEqual([false, true]);
    await collector.close();
  });

  it('writes a picture anew that was collected behind the back of a process that remembers it', async () => {
    const root = freshRoot();
    const [one, two] = [await SampleStore.open(root), await SampleStore.open(root)];
    const picture = randomBytes(900);
    await one.put(picture, { extension: 'jpg', owner: 'a' });
    await one.close();
    expect(await two.has(sha256Of(picture))).toBe(true);
    const collector = await SampleStore.open(root);
    expect(await collector.collect([], LATER)).toMatchObject({ pictures: 1 });
    expect((await two.put(picture, { extension: 'jpg', owner: 'b' })).isNew).toBe(true);
    await two.commit();
    expect(sha256Of(await two.read(sha256Of(picture)))).toBe(sha256Of(picture));
    await two.close();
    await collector.close();
  });

  it('leaves alone where the lock shows that somebody writes, even where his process cannot be seen from here', async () => {
    const root = freshRoot();
    const store = await SampleStore.open(root);
    await store.put(randomBytes(900), { extension: 'jpg', owner: 'a' });
    await store.close();
    const old = new Date(Date.now() - 3 * 86_400_000);
    utimesSync(join(root, 'shards', 'a', '000001.tar'), old, old);
    writeFileSync(join(root, 'shards', 'a', 'lock'), JSON.stringify({ pid: 1, boot: 'of another machine', startedAt: '1' }));
    const collector = await SampleStore.open(root);
    expect(await collector.collect([])).toMatchObject({ shards: 0, busy: ['a'] });
    utimesSync(join(root, 'shards', 'a', 'lock'), old, old);
    expect(await collector.collect([])).toMatchObject({ shards: 1, busy: [] });
    await collector.close();
  });

  it('has all that is wanted after collections that were killed while pictures came, came again and went', async () => {
    const root = freshRoot();
    const refs = join(root, '..', `refs-${made}`);
    const contents = Array.from({ length: 240 }, (_unused, index) => Buffer.alloc(1400, `picture ${index} `));
    const wanted = new Set<string>();
    const tell = (): void => {
      writeFileSync(`${refs}.part`, [...wanted].join('\n'));
      renameSync(`${refs}.part`, refs);
    };
    tell();
    const script = `const { SampleStore } = await import(${JSON.stringify(BUILT)}); const { readFileSync } = await import('node:fs');
      const store = await SampleStore.open(${JSON.stringify(root)}); for (;;) await store.collect(readFileSync(${JSON.stringify(refs)}, 'utf8').split('\\n'), { graceMs: 1200, repackAbove: 0.3 });`;
    let state = 7;
    const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
    let [puts, news] = [0, 0];
    for (let kills = 0; kills < 6; kills += 1) {
      // What those before wrote is nobody's any more, and may be collected while it is put again.
      const store = await SampleStore.open(root, { shardBytes: 6000, touchEveryMs: 100, lowWaterBytes: 0 });
      const collector = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'ignore', 'inherit'] });
      const gone = once(collector, 'exit');
      const until = Date.now() + 900 + random(700);
      while (Date.now() < until) {
        // Of some at a time: those that were left come again when they may be gone.
        const content = contents[(Math.floor(puts / 3) + random(60)) % contents.length] as Buffer;
        news += Number((await store.put(content, { extension: 'jpg', owner: `w${kills}` })).isNew);
        puts += 1;
        await store.commit();
        // Named when it is durable, as rows are; and something else is named no more.
        wanted.add(sha256Of(content));
        for (const sha256 of [...wanted].slice(0, -25)) wanted.delete(sha256);
        tell();
        await setTimeout(random(4));
      }
      expect(collector.exitCode).toBeNull();
      collector.kill('SIGKILL');
      await gone;
      await store.close();
    }
    const reader = await SampleStore.open(root);
    await reader.collect(wanted, { graceMs: 1200 });
    for (const sha256 of wanted) expect(sha256Of(await reader.read(sha256))).toBe(sha256);
    // Things were removed meanwhile, or nothing was tried.
    expect(news).toBeGreaterThan(contents.length);
    expect(puts).toBeGreaterThan(news);
    await reader.close();
  }, 60_000);
});
