import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findArchivedPicture, openDatabase } from '@argus/database';
import { SampleReader, SampleStore } from '@argus/datasets';
import { S3Store } from '@argus/storage';
import { S3_ACCESS, startS3, type S3, type TestDatabase, withTestDatabase } from '@argus/testing';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { ArchiveRows } from './archive-rows.js';
import { BucketShards } from './bucket-shards.js';
import { collectArchives, type CollectedArchives } from './collect-archives.js';

/** Real: PostgreSQL, the S3 protocol over HTTP, files. Two shelves on one bucket stand for two workers: they share nothing else. The clock of a collection is told. */
const DAY = 86_400_000;
let database: TestDatabase;
let dataSource: DataSource;
let folder: string;
let s3: S3;
let remote: S3Store;
let [one, two]: BucketShards[] = [];

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
  folder = mkdtempSync(join(tmpdir(), 'argus-bucket-'));
  mkdirSync(join(folder, 'bucket'));
  s3 = await startS3(join(folder, 'bucket'));
  remote = new S3Store({ endpoint: s3.endpoint, bucket: s3.bucket, prefix: 'site-1', ...S3_ACCESS });
});
beforeEach(() => {
  [one, two] = [new BucketShards(remote, new ArchiveRows(dataSource)), new BucketShards(remote, new ArchiveRows(dataSource))];
});
afterEach(async () => {
  await dataSource.query('TRUNCATE datasets, pictures, dataset_samples, archived_pictures, sample_archives CASCADE');
  await remote.remove(await listed());
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
  await s3?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const digestOf = (bytes: Uint8Array): Buffer => Buffer.from(sha256Of(bytes), 'hex');

async function listed(): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path } of remote.list()) paths.push(path);
  return paths;
}

async function put(shards: BucketShards | undefined, ...pictures: readonly Buffer[]): Promise<void> {
  for (const picture of pictures) await shards?.put(picture, 'jpg');
  await shards?.commit();
}

/** As a set names them; the second is the thumbnail of the first. */
const name = (picture: Buffer, thumbnail: Buffer | null = null): Promise<unknown> =>
  dataSource.query(`INSERT INTO pictures (sha256, thumbnail, mime, bytes, width, height, created_at) VALUES ($1, $2, 'image/jpeg', $3, 8, 8, now())`, [digestOf(picture), thumbnail && digestOf(thumbnail), picture.length]);
const unname = (picture: Buffer): Promise<unknown> => dataSource.query('DELETE FROM pictures WHERE sha256 = $1', [digestOf(picture)]);

const collect = (days: number): Promise<CollectedArchives> => collectArchives(dataSource, remote, one as BucketShards, { graceMs: DAY, nowMs: Date.now() + days * DAY, signal: new AbortController().signal });

async function reader(samplesDir = join(folder, 'samples')): Promise<{ read(sha256: string): Promise<Uint8Array>; readonly store: SampleStore }> {
  const store = await SampleStore.open(samplesDir, { lowWaterBytes: 0 });
  const { read } = { read: (sha256: string) => new SampleReader({ store, placeOf: (digest) => findArchivedPicture(dataSource, digest), remote }).read(sha256) };
  return { read, store };
}

it('keeps a picture once, whoever puts it, and gives it to everybody; a folder of its archives is a store', async () => {
  const pictures = Array.from({ length: 6 }, (_unused, index) => randomBytes(700 + index * 100));
  await put(one, ...pictures.slice(0, 4), pictures[0] as Buffer);
  await put(two, ...pictures.slice(2));
  const files = await listed();
  expect(files).toHaveLength(4);
  expect((await dataSource.query('SELECT count(*)::int AS places, count(DISTINCT archive_id)::int AS archives, min(starts_at) AS first FROM archived_pictures'))[0]).toEqual({ places: 6, archives: 2, first: 512 });
  // All of it is known: nothing is sent.
  await put(two, ...pictures);
  expect(await listed()).toEqual(files);
  const { read, store } = await reader();
  for (const picture of pictures) expect(sha256Of(await read(sha256Of(picture)))).toBe(sha256Of(picture));
  await expect(read('0'.repeat(64))).rejects.toMatchObject({ code: 'dataset.file' });
  await store.close();
  for (const path of files) {
    const copy = join(folder, 'copy', path);
    mkdirSync(dirname(copy), { recursive: true });
    const file = await remote.open(path);
    writeFileSync(copy, (await file?.read(0, file.size)) as Buffer);
  }
  const copied = await SampleStore.open(join(folder, 'copy', 'samples'));
  for (const picture of pictures) expect(sha256Of(await copied.read(sha256Of(picture)))).toBe(sha256Of(picture));
  await copied.close();
});

it('reads what is in the folder there, what was damaged there from the bucket, and says what is wrong with the bucket', async () => {
  const [picture, other] = [randomBytes(900), randomBytes(900)];
  const { read, store } = await reader();
  await store.put(picture, { extension: 'jpg', owner: 'home' });
  await store.commit();
  await put(one, picture, other);
  const requests = s3.methods.length;
  expect(sha256Of(await read(sha256Of(picture)))).toBe(sha256Of(picture));
  expect(s3.methods.length).toBe(requests);
  writeFileSync(join(folder, 'samples', 'shards', 'home', '000001.tar'), randomBytes(3000));
  expect(sha256Of(await read(sha256Of(picture)))).toBe(sha256Of(picture));
  await s3.kill();
  await expect(read(sha256Of(other))).rejects.toMatchObject({ code: 'remote.away', message: expect.stringContaining('lies in the bucket, which does not give it now') });
  await s3.restart();
  await dataSource.query('UPDATE archived_pictures SET starts_at = starts_at - 1 WHERE sha256 = $1', [digestOf(other)]);
  await expect(read(sha256Of(other))).rejects.toMatchObject({ code: 'dataset.file', message: expect.stringContaining(`expected the picture ${sha256Of(other)}, found`) });
  await remote.remove(await listed());
  await expect(read(sha256Of(other))).rejects.toMatchObject({ code: 'dataset.file', message: expect.stringContaining('no such archive') });
  await store.close();
});

it('sends again what a bucket that was away did not take, and names nothing before', async () => {
  const picture = randomBytes(900);
  await one?.put(picture, 'jpg');
  await s3.kill();
  await expect(one?.commit()).rejects.toMatchObject({ code: 'remote.away' });
  expect(await findArchivedPicture(dataSource, sha256Of(picture))).toBeNull();
  await s3.restart();
  await one?.commit();
  expect(await findArchivedPicture(dataSource, sha256Of(picture))).toMatchObject({ offset: 512, bytes: 900 });
  // What the first try left of its archive goes, and no more than that.
  await name(picture);
  expect(await collect(2)).toMatchObject({ archives: 1, pictures: 0 });
  expect(await listed()).toHaveLength(2);
});

it('removes what nothing names any more, packs what is mostly dead, and leaves alone what is young, foreign or footage', async () => {
  const [dead, kept, thumbnail, gone] = [2000, 2000, 500, 9000].map((bytes) => randomBytes(bytes)) as [Buffer, Buffer, Buffer, Buffer];
  const strange = ['cam/2026-11-20/1-a.mp4', 'samples/shards/somebody/000001.tar', 'samples/else.txt', 'backup.zip'];
  writeFileSync(join(folder, 'file'), 'x');
  for (const path of strange) await remote.put(path, join(folder, 'file'));
  await put(one, dead);
  await put(one, kept, thumbnail, gone);
  for (const [picture, small] of [[dead, null], [kept, thumbnail], [gone, null]] as const) await name(picture, small);
  expect([await collect(0.5), await collect(3)]).toMatchObject([{ archives: 0 }, { archives: 0 }]);
  await unname(dead);
  await unname(gone);
  expect(await collect(0.5)).toMatchObject({ archives: 0 });
  const [, old] = (await listed()).filter((path) => path.endsWith('.tar') && !strange.includes(path)) as [string, string];
  expect(await collect(2)).toMatchObject({ archives: 1, pictures: 1 });
  // The living were written anew; what is left behind goes with the next.
  const { read, store } = await reader();
  expect([`samples/shards/${(await findArchivedPicture(dataSource, sha256Of(kept)))?.archive}.tar` === old, (await listed()).includes(old)]).toEqual([false, true]);
  expect(await collect(2)).toMatchObject({ archives: 1, pictures: 1 });
  expect((await listed()).filter((path) => !strange.includes(path))).toHaveLength(2);
  for (const picture of [kept, thumbnail]) expect(sha256Of(await read(sha256Of(picture)))).toBe(sha256Of(picture));
  expect(await listed()).toEqual(expect.arrayContaining(strange));
  await store.close();
});

it('goes on with a removal that was killed, and while the bucket is away removes nothing', async () => {
  const picture = randomBytes(900);
  await put(one, picture);
  await s3.kill();
  await expect(collect(2)).rejects.toMatchObject({ code: 'remote.away' });
  await s3.restart();
  // It was said to go: whoever puts it now does not count on it.
  await put(two, picture);
  expect(await listed()).toHaveLength(4);
  await name(picture);
  expect(await collect(2)).toMatchObject({ archives: 1, pictures: 0 });
  const { read, store } = await reader();
  expect(sha256Of(await read(sha256Of(picture)))).toBe(sha256Of(picture));
  await store.close();
});

it('does not name what lies in an archive that was collected while it was sent', async () => {
  const picture = randomBytes(900);
  const rows = new ArchiveRows(dataSource);
  const id = await rows.begin('sleeper/000001', 1000);
  await put(one, picture);
  await dataSource.query('UPDATE sample_archives SET gone_at = now() WHERE id = $1', [id]);
  await expect(rows.place(id, [{ sha256: sha256Of(picture), offset: 512, bytes: 900 }])).rejects.toMatchObject({ code: 'harvest.archive-gone' });
  expect((await findArchivedPicture(dataSource, sha256Of(picture)))?.archive).not.toBe('sleeper/000001');
});

it('loses nothing that is named while pictures come, come again and go, and it is collected all the time', async () => {
  const pictures = Array.from({ length: 30 }, (_unused, index) => Buffer.alloc(900, `picture ${index} `));
  const named = new Set<Buffer>();
  let state = 5;
  const random = (below: number): number => (state = (state * 48_271) % 2_147_483_647) % below;
  let isOver = false;
  // No grace but what the clock says: a second.
  const sweep = { graceMs: 1000, signal: new AbortController().signal };
  const collecting = (async () => {
    let archives = 0;
    while (!isOver) archives += (await collectArchives(dataSource, remote, one as BucketShards, { ...sweep, nowMs: Date.now() })).archives;
    return archives;
  })();
  const writers = [new BucketShards(remote, new ArchiveRows(dataSource)), new BucketShards(remote, new ArchiveRows(dataSource))];
  for (const until = Date.now() + 6000; Date.now() < until; ) {
    const some = [0, 1, 2].map(() => pictures[random(pictures.length)] as Buffer);
    await Promise.all(writers.map((shards) => put(shards, ...some)));
    for (const picture of some) {
      await dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) VALUES ($1, 'image/jpeg', 900, 8, 8, now()) ON CONFLICT DO NOTHING`, [digestOf(picture)]);
      named.add(picture);
    }
    for (const picture of [...named].slice(0, -8)) {
      named.delete(picture);
      await unname(picture);
    }
  }
  isOver = true;
  expect(await collecting).toBeGreaterThan(0);
  const { read, store } = await reader();
  for (const picture of named) expect(sha256Of(await read(sha256Of(picture)))).toBe(sha256Of(picture));
  await store.close();
}, 60_000);
