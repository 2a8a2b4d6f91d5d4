import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HarvestPreview, HarvestRun, SampleSummary, SavedHarvestRecipe } from '@argus/contracts';
import { SampleStore } from '@argus/datasets';
import { makeNumberedVideo, readNumbers, waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { samplesOfRun, settledRun, startRun } from '../../test/harvest-runs.js';
import { runGateway, type Answer, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { endWorker, startWorker as startWorkerOf, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, HTTP, built workers as processes, video files that ffmpeg made, with numbers in their pictures. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

const CLI = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));
const whyNoCommandLine = (): string | null => (existsSync(CLI) ? null : 'apps/cli is not built; run tsc -b');

const SIZE = { width: 320, height: 180 };
const X264 = ['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-bf', '3', '-g', '50'];
let gateway: RunningGateway;
let allowed = '';
let folder = '';
let made = 0;
const workers: ChildProcess[] = [];

beforeAll(async () => {
  allowed = realpathSync(mkdtempSync(join(tmpdir(), 'argus-videos-')));
  gateway = await runGateway({ ARGUS_VIDEO_DIRS: allowed });
});
beforeEach(() => {
  folder = join(allowed, `archive ${(made += 1)}`);
  mkdirSync(folder);
});
afterEach(async () => {
  for (const worker of workers.splice(0)) await endWorker(worker, 'SIGTERM');
  await gateway.dataSource.query('TRUNCATE harvest_recipes, harvest_runs, harvest_parts, harvest_taken, harvest_videos, datasets, dataset_samples CASCADE');
});
afterAll(async () => {
  await gateway?.stop();
  rmSync(allowed, { recursive: true, force: true });
});

async function startWorker(): Promise<ChildProcess> {
  const child = await startWorkerOf(gateway, { ARGUS_VIDEO_DIRS: allowed });
  workers.push(child);
  return child;
}

/** A film of a second for each 25 pictures; films of different lengths have no picture in common. */
async function put(name: string, pictures = 50, remux?: string[]): Promise<void> {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  copyFileSync(makeNumberedVideo({ ...SIZE, pictures, encode: X264, extension: 'mp4', before: `trim=start_frame=${pictures * 20},setpts=PTS-STARTPTS`, ...(remux ? { remux } : {}) }), path);
  // ffmpeg holds this process up; connections that were idle meanwhile are closed before the next request.
  await new Promise((wake) => setTimeout(wake, 20));
}

const RECIPE = { name: 'Archive', cameras: {}, calendar: { dates: { kind: 'all' } }, sampling: { kind: 'frames', every: 25 }, dropNearDuplicates: false };

const create = (parts: object = {}, visitor: Visitor = gateway.owner): Promise<Answer> => visitor.call('createHarvestRecipe', { body: { ...RECIPE, source: { kind: 'folder', path: folder }, ...parts } as never });

async function recipe(parts: object = {}): Promise<SavedHarvestRecipe> {
  const answer = await create(parts);
  expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
  return answer.body as SavedHarvestRecipe;
}

const start = (saved: Pick<SavedHarvestRecipe, 'id'>): Promise<HarvestRun> => startRun(gateway.owner, saved);
const settled = (run: HarvestRun, state?: HarvestRun['state']): Promise<HarvestRun> => settledRun(gateway.owner, run, state);
const samplesOf = (run: HarvestRun): Promise<SampleSummary[]> => samplesOfRun(gateway.owner, run);

/** The number that stands in each picture, as ffmpeg reads it. */
async function numbersIn(samples: readonly SampleSummary[]): Promise<number[]> {
  const into = mkdtempSync(join(tmpdir(), 'argus-numbers-'));
  const store = await SampleStore.open(gateway.settings.samplesDir);
  try {
    for (const [at, { sha256 }] of samples.entries()) writeFileSync(join(into, `${at}.jpg`), await store.read(sha256));
    return readNumbers(join(into, '%d.jpg'), SIZE);
  } finally {
    await store.close();
    rmSync(into, { recursive: true });
  }
}

const placesOf = (samples: readonly SampleSummary[]): string[] => samples.map(({ origin }) => `${origin?.group} ${origin?.video} ${origin?.frameIndex}`).sort();

async function upload(name: string, content: Uint8Array<ArrayBuffer>, visitor: Visitor = gateway.owner): Promise<string> {
  const ask = (method: string, path: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) => fetch(gateway.url + path, { method, headers: { authorization: `Bearer ${visitor.key}`, 'tus-resumable': '1.0.0', ...headers }, ...(body ? { body } : {}) });
  const begun = await ask('POST', '/api/v1/uploads', { 'upload-length': String(content.byteLength), 'upload-metadata': `filename ${Buffer.from(name).toString('base64')}` });
  const address = begun.headers.get('location') as string;
  expect((await ask('PATCH', address, { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, content)).status).toBe(204);
  return address.split('/').at(-1) as string;
}

describe.skipIf(problem)('a harvest of a folder of videos', () => {
  it('takes what is meant by groups, tells each picture where it is from, and later only what is new or changed', async () => {
    await startWorker();
    await put('south gate/a_1.mp4', 50, ['-metadata', 'creation_time=2024-05-06T07:08:09Z']);
    await put('yard/b_1.mp4', 60);
    await put('yard/deep/b_2.mp4', 30);
    await put('yard/not this.mp4', 40);
    writeFileSync(join(folder, 'notes.txt'), 'no video');
    const saved = await recipe({ source: { kind: 'folder', path: folder, exclude: [{ kind: 'keyword', pattern: 'NOT this' }] }, calendar: { dates: { kind: 'all' }, timeZone: 'Asia/Shanghai' } });
    const preview = (await gateway.owner.call('previewHarvest', { body: saved })).body as HarvestPreview;
    expect(preview).toMatchObject({ cameras: 0, segments: 3, videos: { files: 3, groups: 3, groupNames: ['south gate', 'yard', 'deep'], measured: 3, tooSmall: 0, unreadable: 0 } });
    expect(preview.footageSeconds).toBeCloseTo(5.6, 1);
    const done = await settled(await start(saved));
    expect(done).toMatchObject({ segments: { total: 3, done: 3, failed: 0, rejected: 0 }, samples: { added: 7, known: 0 }, troubles: [] });
    expect(preview.frames).toBeGreaterThanOrEqual(7);
    const samples = await samplesOf(done);
    expect(placesOf(samples)).toEqual(['deep yard/deep/b_2.mp4 0', 'deep yard/deep/b_2.mp4 25', 'south gate south gate/a_1.mp4 0', 'south gate south gate/a_1.mp4 25', 'yard yard/b_1.mp4 0', 'yard yard/b_1.mp4 25', 'yard yard/b_1.mp4 50']);
    expect(await numbersIn(samples)).toEqual(samples.map(({ origin }) => origin?.frameIndex));
    const gate = samples.filter(({ origin }) => origin?.group === 'south gate').map(({ origin }) => origin);
    expect(gate).toEqual([0, 1].map((second) => ({ cameraId: null, group: 'south gate', video: 'south gate/a_1.mp4', frameIndex: second * 25, ptsUs: second * 1e6, wallTime: `2024-05-06T07:08:${String(9 + second).padStart(2, '0')}.000Z`, timeZone: 'Asia/Shanghai', tzVersion: process.versions['tz'] })));
    expect(samples.find(({ origin }) => origin?.group === 'yard')?.origin).toMatchObject({ wallTime: null, timeZone: null, tzVersion: null });
    expect(await settled(await start(saved))).toMatchObject({ segments: { total: 0 }, samples: { added: 0 }, datasetId: done.datasetId });
    await put('yard/b_3.mp4', 80);
    await put('south gate/a_1.mp4', 100);
    const [audit] = await gateway.dataSource.query(`SELECT details FROM audit WHERE action = 'harvest.run' AND subject_id = $1`, [done.id]);
    expect(audit.details).toMatchObject({ recipe: 'Archive', source: { kind: 'folder', path: folder } });
    const again = await settled(await start(saved));
    expect(again).toMatchObject({ segments: { total: 2, done: 2 }, datasetId: done.datasetId });
    expect(placesOf(await samplesOf(again))).toEqual(expect.arrayContaining(['yard yard/b_3.mp4 75', 'south gate south gate/a_1.mp4 75']));
    // Touched, and not changed: it is read again, and nothing is there twice.
    utimesSync(join(folder, 'yard/b_3.mp4'), new Date(), new Date());
    expect(await settled(await start(saved))).toMatchObject({ segments: { total: 1 }, samples: { added: 0, known: 4 } });
  });

  it('goes on within a long film after kill -9, and where it was stopped: no picture lost, none twice', async () => {
    await put('film.mp4', 1900);
    const saved = await recipe({ sampling: { kind: 'frames', every: 1 }, source: { kind: 'folder', path: folder, grouping: 'prefix' } });
    const run = await start(saved);
    const counts: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      const worker = await startWorker();
      const before = (await gateway.owner.call('getHarvestRun', { params: { id: run.id } })).body as HarvestRun;
      await waitFor(async () => ((await gateway.owner.call('getHarvestRun', { params: { id: run.id } })).body as HarvestRun).samples.added > before.samples.added, 60_000);
      await endWorker(worker, round === 2 ? 'SIGTERM' : 'SIGKILL');
      workers.length = 0;
      counts.push(((await gateway.owner.call('getHarvestRun', { params: { id: run.id } })).body as HarvestRun).samples.added);
    }
    expect(counts[0]).toBeGreaterThan(0);
    expect(((await gateway.owner.call('getHarvestRun', { params: { id: run.id } })).body as HarvestRun).segments.underWay).toBeCloseTo((counts.at(-1) as number) / 1900, 1);
    // What was done is not done again: `known` would count it.
    await startWorker();
    const done = await settled(run);
    expect(done).toMatchObject({ segments: { total: 1, done: 1, failed: 0 }, samples: { added: 1900 } });
    expect(done.samples.known).toBe(0);
    const samples = await samplesOf(done);
    expect(samples.map(({ origin }) => origin?.frameIndex).sort((a, b) => (a as number) - (b as number))).toEqual(Array.from({ length: 1900 }, (_unused, index) => index));
    const some = samples.filter((_unused, index) => index % 97 === 0);
    // As many fields as there are say numbers below 1024.
    expect(await numbersIn(some)).toEqual(some.map(({ origin }) => (origin?.frameIndex ?? -1) % 1024));
  }, 240_000);

  it('goes on without files that are no videos, damaged, or too small, and says which and how many', async () => {
    await startWorker();
    await put('a/good.mp4');
    await put('a/cut off.mp4', 200);
    const whole = readFileSync(join(folder, 'a/cut off.mp4'));
    writeFileSync(join(folder, 'a/cut off.mp4'), whole.subarray(0, whole.length / 2));
    writeFileSync(join(folder, 'a/nothing\n.mp4'), '');
    writeFileSync(join(folder, 'a/text.mp4'), 'this is no video');
    copyFileSync(makeNumberedVideo({ width: 160, height: 90, pictures: 50, encode: X264, extension: 'mp4' }), join(folder, 'a/small.mp4'));
    const saved = await recipe({ source: { kind: 'folder', path: folder, least: { width: 180, height: 320 } } });
    const preview = (await gateway.owner.call('previewHarvest', { body: saved })).body as HarvestPreview;
    expect(preview.videos).toMatchObject({ files: 5, measured: 5, tooSmall: 1, unreadable: 3 });
    expect(preview.videos?.troubles.map(({ video }) => video).sort()).toEqual(['a/cut off.mp4', 'a/nothing\n.mp4', 'a/text.mp4']);
    expect(preview.videos?.troubles).toContainEqual({ video: 'a/text.mp4', problem: 'a/text.mp4 cannot be opened as a video: it is no video, or damaged from its beginning' });
    expect(JSON.stringify(preview)).not.toContain(`${allowed}/`);
    const smaller = { source: { kind: 'folder', path: folder, least: { width: 320, height: 180 } } };
    expect((await gateway.owner.call('updateHarvestRecipe', { params: { id: saved.id }, body: { ...RECIPE, ...smaller } as never })).status).toBe(200);
    const done = await settled(await start(saved));
    expect(done).toMatchObject({ segments: { total: 5, done: 1, failed: 3, rejected: 1 }, samples: { added: 2 } });
    expect(done.troubles.map(({ video }) => video).sort()).toEqual(['a/cut off.mp4', 'a/nothing\n.mp4', 'a/text.mp4']);
    expect(JSON.stringify(done.troubles)).not.toContain(allowed);
    // Too small for good; what could not be read is tried again.
    expect((await settled(await start(saved), 'failed')).segments).toEqual({ total: 3, done: 0, failed: 3, rejected: 0, underWay: 0 });
    await gateway.owner.call('updateHarvestRecipe', { params: { id: saved.id }, body: { ...RECIPE, source: { kind: 'folder', path: folder } } as never });
    expect(await settled(await start(saved))).toMatchObject({ segments: { total: 4, done: 1, failed: 3 }, samples: { added: 2 } });
  });

  it('keeps to the quota of a group and takes one picture of each scene', async () => {
    await startWorker();
    for (const name of ['a_1.mp4', 'a_2.mp4', 'b_1.mp4']) await put(name, { 'a_1.mp4': 200, 'a_2.mp4': 225, 'b_1.mp4': 250 }[name]);
    const done = await settled(await start(await recipe({ quotaPerCamera: 6, source: { kind: 'folder', path: folder, grouping: 'prefix' } })));
    expect((await samplesOf(done)).reduce<Record<string, number>>((sum, { origin }) => ({ ...sum, [origin?.group ?? '']: (sum[origin?.group ?? ''] ?? 0) + 1 }), {})).toEqual({ a: 6, b: 6 });
    const film = join(folder, 'c_1.mp4');
    expect(spawnSync('ffmpeg', ['-v', 'error', '-y', ...['testsrc2', 'mandelbrot', 'smptehdbars'].flatMap((source) => ['-f', 'lavfi', '-t', '2', '-i', `${source}=size=320x180:rate=25`]), '-filter_complex', '[0:v]format=yuv420p[a];[1:v]format=yuv420p[b];[2:v]format=yuv420p[c];[a][b][c]concat=n=3', ...X264, film]).status).toBe(0);
    const scenes = await settled(await start(await recipe({ name: 'scenes', sampling: { kind: 'scenes' }, source: { kind: 'folder', path: folder, include: [{ kind: 'glob', pattern: 'c_*' }] } })));
    expect((await samplesOf(scenes)).map(({ origin }) => origin?.frameIndex)).toEqual([0, 50, 100]);
  });
});

describe('folders of videos', () => {
  it('are those that the operator allows, whatever somebody writes', async () => {
    const outside = realpathSync(mkdtempSync(join(tmpdir(), 'argus-outside-')));
    mkdirSync(join(outside, 'secret'));
    writeFileSync(join(outside, 'secret', 'a.mp4'), 'x');
    symlinkSync(join(outside, 'secret'), join(folder, 'link'));
    symlinkSync(join(outside, 'secret', 'a.mp4'), join(folder, 'b.mp4'));
    mkdirSync(join(folder, 'inside'));
    const list = (within?: string, visitor: Visitor = gateway.owner) => visitor.call('listVideoFolders', within === undefined ? {} : { query: { within } });
    expect((await list()).body.map(({ path }: { path: string }) => path)).toEqual([allowed]);
    expect((await list(folder)).body).toEqual([{ path: join(folder, 'inside'), name: 'inside', videos: 0 }]);
    const hostile = [outside, `${folder}/../..`, `${allowed}/../${outside.split('/').at(-1)}/secret`, join(folder, 'link'), '/', '/etc', `${allowed}x`, gateway.data];
    for (const path of hostile) {
      for (const answer of [await list(path), await create({ source: { kind: 'folder', path } }), await gateway.owner.call('previewHarvest', { body: { ...RECIPE, source: { kind: 'folder', path } } as never })]) {
        expect([path, answer.status, answer.body.code, answer.body.detail]).toEqual([path, 400, 'harvest.video-folder', expect.stringContaining('ARGUS_VIDEO_DIRS')]);
      }
    }
    expect((await create({ source: { kind: 'folder', path: join(folder, 'none') } })).body).toMatchObject({ code: 'harvest.video-folder', detail: expect.stringContaining('not there') });
    expect((await create({ source: { kind: 'folder', path: 'relative' } })).status).toBe(400);
    expect((await create({ sampling: { kind: 'motion', every: 1 } })).body.detail).toContain('expected frames, seconds, keyframes or scenes');
    expect((await create({ source: { kind: 'cameras' }, sampling: { kind: 'scenes' } })).status).toBe(400);
    expect((await create({ source: { kind: 'folder', path: folder, include: [{ kind: 'regex', pattern: '(' }] } })).body).toMatchObject({ code: 'harvest.name-pattern' });
    if (!problem) {
      await startWorker();
      await put('inside/good.mp4');
      const done = await settled(await start(await recipe()));
      expect([...new Set((await samplesOf(done)).map(({ origin }) => origin?.video))]).toEqual(['inside/good.mp4']);
    }
    rmSync(outside, { recursive: true });
  });

  it('are for those who may, and see all cameras; so is what was taken from them', async () => {
    await put('a.mp4');
    const saved = await recipe();
    const run = await start(saved);
    const all = ['harvest.read', 'harvest.run', 'harvest.folders', 'dataset.read', 'dataset.write'] as const;
    const camera = ((await gateway.owner.call('createCamera', { body: { name: 'one', url: 'rtsp://10.0.0.2/1', enabled: false } as never })).body as { id: string }).id;
    const refused = [
      { visitor: await gateway.withKey(all.filter((one) => one !== 'harvest.folders')), whatever: [403, 'auth.forbidden'], saved: [403, 'auth.forbidden'] },
      // Who does not see all cameras does not hear that there is such a recipe.
      { visitor: await gateway.withKey(all, [camera]), whatever: [403, 'auth.outside-scope'], saved: [404, 'harvest-recipe.not-found'] },
    ] as const;
    const codeOf = ({ status, body }: { readonly status: number; readonly body: { readonly code?: string } }) => [status, body.code];
    for (const { visitor, ...expected } of refused) {
      for (const answer of [await create({ name: 'theirs' }, visitor), await visitor.call('previewHarvest', { body: saved })]) expect(codeOf(answer)).toEqual(expected.whatever);
      for (const answer of [await visitor.call('startHarvestRun', { params: { id: saved.id } }), await visitor.call('updateHarvestRecipe', { params: { id: saved.id }, body: saved })]) expect(codeOf(answer)).toEqual(expected.saved);
      expect((await visitor.call('listVideoFolders')).status).toBe(403);
    }
    const [, { visitor: limited }] = refused;
    expect((await limited.call('getHarvestRun', { params: { id: run.id } })).status).toBe(404);
    expect((await limited.call('listHarvestRuns')).body.items).toEqual([]);
    expect((await (await gateway.withKey(all)).call('getHarvestRun', { params: { id: run.id } })).status).toBe(200);
    const operator = (await gateway.withUser('operator')).visitor;
    expect((await create({ name: 'theirs' }, operator)).body.code).toBe('auth.forbidden');
  });
});

describe.skipIf(problem)('a harvest of uploads', () => {
  it('takes whole ones of whoever gives them, by the folders that they came from, and keeps them for the recipe', async () => {
    await startWorker();
    const film = new Uint8Array(readFileSync(makeNumberedVideo({ ...SIZE, pictures: 75, encode: X264, extension: 'mp4' })));
    const ids = [await upload('clips/../../yard/a.mp4', film), await upload('plain.mp4', film.slice(0, film.length / 2))];
    const source = { kind: 'uploads', uploadIds: ids };
    const writer = await gateway.withKey(['harvest.run', 'harvest.read', 'dataset.write', 'dataset.read']);
    expect((await create({ source }, writer)).body.code).toBe('upload.not-found');
    const saved = await recipe({ source });
    expect((await gateway.owner.call('previewHarvest', { body: saved })).body.videos).toMatchObject({ files: 2, groupNames: ['yard', 'uploads'], unreadable: 1, troubles: [{ video: 'plain.mp4', problem: expect.stringContaining('plain.mp4 cannot be opened') }] });
    const done = await settled(await start(saved));
    expect(done).toMatchObject({ segments: { total: 2, done: 1, failed: 1 }, samples: { added: 3 }, troubles: [{ video: 'plain.mp4' }] });
    expect(placesOf(await samplesOf(done))).toEqual([0, 25, 50].map((frame) => `yard clips/yard/a.mp4 ${frame}`));
    // Who may run a recipe may use what it has.
    expect((await create({ name: 'copy', source }, writer)).status).toBe(201);
    const { UploadsService } = await import('../uploads/uploads.service.js');
    const uploads = gateway.app.get(UploadsService);
    const old = new Date(Date.now() - 3 * 86_400_000);
    const path = join(gateway.settings.samplesDir, 'uploads', ids[0] as string);
    utimesSync(path, old, old);
    await uploads.removeAbandoned();
    expect(readFileSync(path).byteLength).toBe(film.byteLength);
    await gateway.dataSource.query('TRUNCATE harvest_recipes, harvest_runs CASCADE');
    await uploads.removeAbandoned();
    expect(() => readFileSync(path)).toThrow('ENOENT');
  });
});

describe.skipIf(problem ?? whyNoCommandLine())('argus harvest', () => {
  it('sends videos, goes on with what another command was killed at, and saves the recipe', async () => {
    await startWorker();
    await put('clips/gate/a.mp4', 50);
    truncateSync(join(folder, 'clips/gate/a.mp4'), 40e6);
    await put('clips/b.mp4', 75);
    const words = ['create', '--name', 'Clips', '--upload', 'clips', '--seconds', '1', '--keep-duplicates'];
    const killed = argus(words);
    killed.child.stderr?.on('data', (text: Buffer) => text.includes('gate/a.mp4') && killed.child.kill('SIGKILL'));
    await expect(killed.end).resolves.toMatchObject({ code: null });
    const created = await argus(words).end;
    expect(created).toMatchObject({ code: 0, out: expect.stringContaining('2 uploaded videos; one in 1 s') });
    const percents = [...created.err.matchAll(/gate\/a\.mp4, (\d+) %/g)].map(([, percent]) => Number(percent));
    // The first piece is there: it is not sent again.
    expect([percents[0], percents.at(-1)]).toEqual([expect.toSatisfy((first: number) => first > 21), 100]);
    expect((await argus(['preview', ...words.slice(1)]).end).err).toContain('2 of 2: clips/gate/a.mp4, was sent before');
    const ran = await argus(['run', 'Clips', '--follow']).end;
    expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('5 pictures') });
    const refused = await argus(['create', '--name', 'Outside', '--videos', '/etc']).end;
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('ARGUS_VIDEO_DIRS') });
  });
});

/** The built command line, as a process, in the folder of the test. */
function argus(words: readonly string[]): { child: ChildProcess; end: Promise<{ code: number | null; out: string; err: string }> } {
  const env = { PATH: process.env['PATH'], ARGUS_URL: gateway.url, ARGUS_API_KEY: gateway.owner.key as string, XDG_STATE_HOME: join(allowed, 'state') };
  const child = spawn(process.execPath, [CLI, 'harvest', ...words], { env, cwd: folder });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  child.stderr.on('data', (text: Buffer) => (err += text.toString()));
  return { child, end: new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err }))) };
}
