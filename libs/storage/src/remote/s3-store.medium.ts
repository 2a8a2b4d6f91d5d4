import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { S3_ACCESS, startS3, type S3 } from '@argus/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RecordingsFolder } from '../footage/recordings-folder.js';
import { TieredFootage } from '../footage/tiered-footage.js';
import { S3Store } from './s3-store.js';

/** Real: the S3 protocol over HTTP, and files. */
let folder: string;
let root: string;
let s3: S3;
let store: S3Store;
const settings = () => ({ endpoint: s3.endpoint, bucket: s3.bucket, prefix: 'site-1', ...S3_ACCESS });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-s3-'));
  root = join(folder, 'recordings');
  mkdirSync(join(folder, 'bucket'));
  s3 = await startS3(join(folder, 'bucket'));
  store = new S3Store(settings());
});
afterAll(async () => {
  await s3?.kill();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => s3.fault(null));

function file(path: string, bytes: Buffer): string {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), bytes);
  return join(root, path);
}
async function listed(below = ''): Promise<[string, number][]> {
  const all: [string, number][] = [];
  for await (const { path, size } of store.list(below)) all.push([path, size]);
  return all;
}

describe('a file in the second tier', () => {
  it('comes back by ranges as it was, is listed under its own path, and is gone when it is removed', async () => {
    const bytes = randomBytes(700_001);
    await store.put('cam/2026-11-20/1-a.mp4', file('cam/2026-11-20/1-a.mp4', bytes));
    const open = await store.open('cam/2026-11-20/1-a.mp4');
    expect(open?.size).toBe(bytes.length);
    for (const [at, length] of [[0, 8], [8, 100], [262_140, 10], [300_000, 400_001], [700_000, 1]] as const) expect((await open?.read(at, length))?.equals(bytes.subarray(at, at + length))).toBe(true);
    await open?.close();
    expect(await listed('cam/')).toEqual([['cam/2026-11-20/1-a.mp4', 700_001]]);
    await store.remove(['cam/2026-11-20/1-a.mp4', 'cam/never-there.mp4']);
    expect([await listed(), await store.open('cam/2026-11-20/1-a.mp4')]).toEqual([[], null]);
  });

  it('of 70 MB goes in parts and is the same afterwards', async () => {
    const bytes = randomBytes(70 * 1024 * 1024);
    const puts = () => s3.methods.filter((method) => method === 'PUT').length;
    const before = puts();
    const { etag } = await store.put('archive/big.mp4', file('big.mp4', bytes));
    expect([puts() - before, etag.endsWith('-2')]).toEqual([2, true]);
    const open = await store.open('archive/big.mp4');
    const seam = 64 * 1024 * 1024 - 500;
    expect((await open?.read(seam, 1000))?.equals(bytes.subarray(seam, seam + 1000))).toBe(true);
    await store.remove(['archive/big.mp4']);
  });

  it('is read with few requests although it is read in small pieces', async () => {
    await store.put('cam/small.mp4', file('small.mp4', randomBytes(200_000)));
    const open = await store.open('cam/small.mp4');
    const before = s3.methods.length;
    for (let at = 0; at < 100_000; at += 1000) await open?.read(at, 1000);
    expect(s3.methods.length - before).toBe(1);
  });

  it('is found where it lies, on the disk or there', async () => {
    const footage = new TieredFootage(new RecordingsFolder(root), store);
    const bytes = randomBytes(5000);
    const local = file('cam/tiered.mp4', bytes);
    await store.put('cam/tiered.mp4', local);
    for (const _ of ['local', 'remote']) {
      const open = await footage.open('cam/tiered.mp4');
      expect([open.size, (await open.read(100, 50)).equals(bytes.subarray(100, 150))]).toEqual([5000, true]);
      await open.close();
      rmSync(local, { force: true });
    }
    await store.remove(['cam/tiered.mp4']);
    await expect(footage.open('cam/tiered.mp4')).rejects.toMatchObject({ code: 'footage.damaged' });
    await expect(footage.open('../bucket/x')).rejects.toMatchObject({ code: 'footage.damaged' });
  });
});

describe('a store that does not do what it should', () => {
  const path = 'cam/faults.mp4';
  it('which is away, silent or overloaded is told from one that refuses, and keys are never named', async () => {
    const local = file(path, randomBytes(1000));
    const impatient = new S3Store(settings(), { silenceMs: 300 });
    for (const [fault, why] of [['silent', 'no answer for'], [503, 'it answers with status 503']] as const) {
      s3.fault(fault);
      await expect(impatient.put(path, local)).rejects.toMatchObject({ code: 'remote.away', message: expect.stringContaining(why) });
    }
    s3.fault(403);
    await expect(store.put(path, local)).rejects.toMatchObject({ code: 'remote.refused' });
    s3.fault(null);
    await expect(new S3Store({ ...settings(), bucket: 'nobody' }).check()).rejects.toMatchObject({ code: 'remote.refused', message: expect.stringContaining('no such bucket') });
    const wrong = new S3Store({ ...settings(), accessKey: 'hunter1', secretKey: 'hunter2' });
    await expect(wrong.put(path, local)).rejects.toMatchObject({ code: 'remote.refused', message: expect.not.stringMatching(/hunter/) });
    await s3.kill();
    await expect(store.put(path, local)).rejects.toMatchObject({ code: 'remote.away' });
    await expect(listed()).rejects.toMatchObject({ code: 'remote.away' });
    await s3.restart();
    await store.put(path, local);
    expect(await store.has(path)).toBe(true);
  });

  it('does not tear an upload in parts that breaks off into a file', async () => {
    const local = file('cam/torn.mp4', randomBytes(66 * 1024 * 1024));
    const putting = store.put('cam/torn.mp4', local);
    const broken = expect(putting).rejects.toMatchObject({ code: 'remote.away' });
    while ((await s3.uploads.bytes()) === 0) await new Promise((soon) => setTimeout(soon, 5));
    await s3.kill();
    await broken;
    await s3.restart();
    expect(await store.has('cam/torn.mp4')).toBe(false);
    expect(readdirSync(join(root, 'cam'))).toContain('torn.mp4');
    const [open] = await s3.uploads.open();
    expect(open?.key).toBe('site-1/cam/torn.mp4');
    const soon = new Date(Date.now() + 5000);
    expect([await store.clearUploads(new Date(Date.now() - 60_000), () => true), await store.clearUploads(soon, (path) => path !== 'cam/torn.mp4')]).toEqual([0, 0]);
    expect([await store.clearUploads(soon, () => true), await s3.uploads.open()]).toEqual([1, []]);
  });

  it('is gone on with where an upload in parts broke off: nothing is left of it', async () => {
    const local = file('cam/again.mp4', randomBytes(66 * 1024 * 1024));
    const broken = expect(store.put('cam/again.mp4', local)).rejects.toMatchObject({ code: 'remote.away' });
    while ((await s3.uploads.bytes()) === 0) await new Promise((soon) => setTimeout(soon, 5));
    await s3.kill();
    await broken;
    await s3.restart();
    expect(await s3.uploads.open()).toHaveLength(1);
    const { size } = await store.put('cam/again.mp4', local);
    expect([(await store.open('cam/again.mp4'))?.size, await s3.uploads.open()]).toEqual([size, []]);
  });
});
