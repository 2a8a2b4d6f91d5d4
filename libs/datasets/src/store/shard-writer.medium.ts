import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ShardLockedError } from '../errors.js';
import { recoverShard } from './recover-shard.js';
import { readShardIndex } from './shard-index.js';
import { ShardReader } from './shard-reader.js';
import { ShardWriter } from './shard-writer.js';
import { StoreIndex } from './store-index.js';

// Real: files on a disk, writing processes that are killed, tar of the system.
const BUILT = new URL('../../dist/index.js', import.meta.url).href;
const POINTS = Number(process.env['ARGUS_CRASH_POINTS'] ?? 20);
let folder: string;
let made = 0;
const freshRoot = (): string => join(folder, String((made += 1)));
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const hasTar = spawnOk('tar', ['--version']);
function spawnOk(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-shards-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a writer of shards', () => {
  it('gives places that are read again, over several shards and after it was opened anew', async () => {
    const root = freshRoot();
    const pictures = Array.from({ length: 60 }, (_, index) => randomBytes(index === 7 ? 512 : 1 + ((index * 977) % 5000)));
    let writer = await ShardWriter.open({ root, owner: 'camera', shardBytes: 20_000 });
    const places = [];
    for (const [index, picture] of pictures.entries()) {
      expect(await writer.append(picture, 'jpg')).toEqual({ sha256: sha256Of(picture), isNew: true });
      if (index === 30) {
        places.push(...(await writer.commit()));
        await writer.close();
        writer = await ShardWriter.open({ root, owner: 'camera', shardBytes: 20_000 });
        expect(writer.recovered.length).toBeGreaterThan(0);
      }
    }
    places.push(...(await writer.commit()));
    await writer.close();
    expect(places.map(({ sha256 }) => sha256)).toEqual(pictures.map(sha256Of));
    expect(new Set(places.map(({ shard }) => shard)).size).toBeGreaterThan(3);
    const reader = new ShardReader(root, 2);
    for (const [index, place] of places.entries()) expect(Buffer.from(await reader.read(place)).equals(pictures[index] as Buffer)).toBe(true);
    await expect(reader.read({ ...(places[0] as (typeof places)[0]), offset: 0 })).rejects.toThrow(/expected the picture/);
    await reader.close();
    if (!hasTar) return;
    const names = [...new Set(places.map(({ shard }) => shard))].flatMap((shard) => execFileSync('tar', ['tf', join(root, `${shard}.tar`)], { encoding: 'utf8' }).trim().split('\n'));
    expect(names).toEqual(pictures.map((picture) => `${sha256Of(picture)}.jpg`));
  });

  it('writes what is known or on its way once', async () => {
    const known = randomBytes(100);
    const writer = await ShardWriter.open({ root: freshRoot(), owner: 'a', known: new Set([sha256Of(known)]) });
    const other = randomBytes(100);
    expect((await Promise.all([writer.append(known, 'png'), writer.append(other, 'png'), writer.append(other, 'png')])).map(({ isNew }) => isNew)).toEqual([false, true, false]);
    expect(await writer.commit()).toHaveLength(1);
    await writer.close();
  });

  it('makes durable by itself after a time', async () => {
    const root = freshRoot();
    const writer = await ShardWriter.open({ root, owner: 'a', flushMs: 10 });
    await writer.append(randomBytes(10), 'jpg');
    while ((await readShardIndex(join(root, 'a', '000001.idx.jsonl'))).entries.length === 0) await setTimeout(5);
    expect(await writer.commit()).toHaveLength(1);
    await writer.close();
  });

  it('is alone in its folder, and takes over from one that is dead', async () => {
    const root = freshRoot();
    const writer = await ShardWriter.open({ root, owner: 'a' });
    await expect(ShardWriter.open({ root, owner: 'a' })).rejects.toThrow(ShardLockedError);
    await (await ShardWriter.open({ root, owner: 'b' })).close();
    await writer.close();
    await (await ShardWriter.open({ root, owner: 'a' })).close();
  });
});

/** Appends pictures that follow from a seed, and tells the number of those that are durable. */
const WRITER = `
  import { createHash } from 'node:crypto';
  import { ShardWriter } from ${JSON.stringify(BUILT)};
  const [root, from] = process.argv.slice(1);
  const writer = await ShardWriter.open({ root, owner: 'camera', shardBytes: 400_000, flushBytes: 60_000, flushMs: 5 });
  for (let number = Number(from); ; number += 1) {
    await writer.append(Buffer.concat(Array.from({ length: 1 + (number * 7) % 90 }, (_, part) => createHash('sha512').update(number + '/' + part).digest())), 'jpg');
    if (number % 9 === 8) {
      await writer.commit();
      process.stdout.write(number + '\\n');
    }
  }`;
const pictureOf = (number: number): Buffer => Buffer.concat(Array.from({ length: 1 + ((number * 7) % 90) }, (_, part) => createHash('sha512').update(`${number}/${part}`).digest()));

describe.skipIf(!existsSync(fileURLToPath(BUILT)))('a writer that is killed', () => {
  it(`loses nothing that was committed and keeps nothing twice, at ${POINTS} random moments`, { timeout: 30_000 + POINTS * 3000 }, async () => {
    const root = freshRoot();
    let told = -1;
    for (let point = 0; point < POINTS; point += 1) {
      const before = told;
      const child = spawn(process.execPath, ['--input-type=module', '-e', WRITER, root, String(told + 1)], { stdio: ['ignore', 'pipe', 'inherit'] });
      let text = '';
      child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
        told = Number(text.slice(0, text.lastIndexOf('\n')).split('\n').at(-1));
      });
      while (told === before) await setTimeout(2);
      await setTimeout(Math.random() * 60);
      child.kill('SIGKILL');
      await once(child, 'close');
      // Written again: what the next process would do, whose dedup is by what is known.
      const index = new StoreIndex(root);
      await index.refresh();
      for (let number = 0; number <= told; number += 1) expect(index.has(sha256Of(pictureOf(number)))).toBe(true);
      told = Math.max(told, before);
      while (index.has(sha256Of(pictureOf(told + 1)))) told += 1;
    }
    const writer = await ShardWriter.open({ root, owner: 'camera' });
    await writer.close();
    const reader = new ShardReader(root);
    const seen = new Set<string>();
    for (let number = 1; existsSync(join(root, 'camera', `${String(number).padStart(6, '0')}.tar`)); number += 1) {
      const shard = `camera/${String(number).padStart(6, '0')}`;
      for (const entry of (await readShardIndex(join(root, `${shard}.idx.jsonl`))).entries) {
        expect(seen.has(entry.sha256)).toBe(false);
        seen.add(entry.sha256);
        await reader.read({ ...entry, shard });
      }
      if (hasTar) execFileSync('tar', ['tf', join(root, `${shard}.tar`)]);
    }
    await reader.close();
    expect(seen.size).toBeGreaterThan(told);
  });
});

describe('a disk that lost what was not flushed', () => {
  it('keeps every entry that was indexed before the cut, wherever shard and index end', async () => {
    const root = freshRoot();
    const writer = await ShardWriter.open({ root, owner: 'a', flushMs: 60_000 });
    for (let index = 0; index < 10; index += 1) await writer.append(randomBytes(700 + index * 100), 'jpg');
    await writer.commit();
    const [shard, index] = [join(root, 'a', '000001.tar'), join(root, 'a', '000001.idx.jsonl')];
    const [shardBytes, indexBytes] = [statSync(shard).size, statSync(index).size];
    for (let count = 0; count < 10; count += 1) await writer.append(randomBytes(900), 'jpg');
    await writer.commit();
    const whole = (await readShardIndex(index)).entries;
    const cut = freshRoot();
    mkdirSync(cut);
    const copies: [string, string] = [join(cut, '1.tar'), join(cut, '1.idx')];
    for (let round = 0; round < 60; round += 1) {
      copyFileSync(shard, copies[0]);
      copyFileSync(index, copies[1]);
      const indexEnd = indexBytes + Math.floor(Math.random() * (statSync(index).size - indexBytes + 1));
      const shardEnd = shardBytes + Math.floor(Math.random() * (statSync(shard).size - shardBytes + 1));
      truncateSync(copies[0], shardEnd);
      truncateSync(copies[1], indexEnd);
      const recovered = await recoverShard(...copies);
      const fitting = whole.filter((entry, at) => entry.offset + entry.bytes <= shardEnd && readFileSync(index, 'latin1').split('\n').slice(0, at + 1).join('\n').length + 1 <= indexEnd);
      // One whose padding was lost is written again; its content would still have been there.
      expect([fitting.length, fitting.length - 1]).toContain(recovered.entries.length);
      expect(recovered.entries.length).toBeGreaterThanOrEqual(10);
      expect(recovered.entries).toEqual(whole.slice(0, recovered.entries.length));
      expect(statSync(copies[0]).size).toBe(recovered.shardEnd);
      expect(await recoverShard(...copies)).toEqual({ ...recovered, droppedBytes: 0 });
    }
    await writer.close();
  });

  it('does not believe in an entry whose bytes are others', async () => {
    const root = freshRoot();
    const writer = await ShardWriter.open({ root, owner: 'a' });
    for (let index = 0; index < 3; index += 1) await writer.append(randomBytes(600), 'jpg');
    const places = await writer.commit();
    await writer.close();
    const paths: [string, string] = [join(root, 'a', '000001.tar'), join(root, 'a', '000001.idx.jsonl')];
    const bytes = readFileSync(paths[0]);
    bytes.fill(0, places[2]?.offset);
    writeFileSync(paths[0], bytes);
    expect((await recoverShard(...paths)).entries).toHaveLength(2);
    writeFileSync(paths[1], `${readFileSync(paths[1], 'utf8')}{"sha256":"torn`);
    expect((await recoverShard(...paths)).entries).toHaveLength(2);
  });
});
