import { execFileSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Annotation, Camera, CameraId, Dataset, DatasetJob, DatasetJobResult, Sample, SampleSummary } from '@argus/contracts';
import { storedPhash } from '@argus/database';
import { SampleStore } from '@argus/datasets';
import { decodeStill, FrameScaler, measureStill } from '@argus/media';
import { decodeDetections, openModel, readModelPackage, type ModelSession } from '@argus/models';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { streetPictures } from '../../test/street-pictures.js';
import { runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { endWorker, startWorker as startWorkerOf, whyNoWorker } from '../../test/running-worker.js';

/** Real: PostgreSQL, HTTP, built workers as processes, the shipped models, pictures of the shipped street. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

const MODELS = fileURLToPath(new URL('../../../../libs/models/packages', import.meta.url));
const DETECTOR = 'nanodet-g-416';
let gateway: RunningGateway;
let store: SampleStore;
let mine: CameraId;
let theirs: CameraId;
let frames: readonly Buffer[];
const workers: ChildProcess[] = [];

beforeAll(async () => {
  frames = streetPictures(40, 'fps=2');
  gateway = await runGateway();
  store = await SampleStore.open(gateway.settings.samplesDir, { lowWaterBytes: 0 });
  [mine, theirs] = await Promise.all(['Gate', 'Yard'].map(async (name) => ((await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false } })).body as Camera).id)) as [CameraId, CameraId];
}, 60_000);
afterEach(async () => {
  for (const worker of workers.splice(0)) await endWorker(worker, 'SIGTERM');
  await gateway.dataSource.query('TRUNCATE datasets, pictures, dataset_samples, dataset_jobs, sample_embeddings CASCADE');
});
afterAll(async () => {
  await store?.close();
  await gateway?.stop();
});

async function startWorker(): Promise<ChildProcess> {
  const child = await startWorkerOf(gateway, { ARGUS_MODELS_DIRS: MODELS, ARGUS_HARVEST_SLOTS: '0' });
  workers.push(child);
  return child;
}

/** Only the one that looks at pictures: harvests have no slot. */
function childrenOf({ pid }: ChildProcess): number[] | null {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return pids.length > 0 ? pids : null;
}

const create = async (name: string): Promise<Dataset> => (await gateway.owner.call('createDataset', { body: { name } })).body as Dataset;

interface Put {
  readonly cameraId?: CameraId;
  readonly isOriginal?: boolean;
  readonly group?: string;
  readonly sharpness?: number | null;
}

/** As a worker puts harvested pictures. */
async function put({ id }: Dataset, content: Uint8Array, { cameraId = mine, isOriginal = false, group = 'Gate', sharpness }: Put = {}): Promise<string> {
  const sha256 = Buffer.from((await store.put(content, { extension: 'jpg', owner: 'test' })).sha256, 'hex');
  await store.commit();
  const frame = decodeStill(content);
  const quality = measureStill(frame);
  await gateway.dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) VALUES ($1, 'image/jpeg', $2, $3, $4, now()) ON CONFLICT DO NOTHING`, [sha256, content.byteLength, frame.width, frame.height]);
  frame.free();
  await gateway.dataSource.query(
    `INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, camera_id, video, frame_index, is_original, sharpness, brightness, phash, attributes, added_at) VALUES ($1, $2, 'a.png', $3, $4, 'street', 7, $5, $6, $7, $8, '{"imageData":"secret"}', now()) ON CONFLICT DO NOTHING`,
    [id, sha256, group, cameraId, isOriginal, sharpness === undefined ? quality.sharpness : sharpness, quality.brightness, sharpness === null ? null : storedPhash(quality.phash)],
  );
  await gateway.dataSource.query(`UPDATE datasets SET revision = revision + 1, camera_ids = (SELECT array_agg(DISTINCT one) FROM unnest(camera_ids || $2::uuid) AS one) WHERE id = $1`, [id, cameraId]);
  return sha256.toString('hex');
}

async function begin({ id }: Dataset, body: object, visitor: Visitor = gateway.owner): Promise<DatasetJob> {
  const answer = await visitor.call('createDatasetJob', { params: { id }, body });
  expect([answer.status, answer.body.detail]).toEqual([201, undefined]);
  return answer.body as DatasetJob;
}

function settled({ id }: DatasetJob, state: DatasetJob['state'] = 'done'): Promise<DatasetJob> {
  let last: DatasetJob | undefined;
  return waitFor(async () => {
    last = (await gateway.owner.call('getDatasetJob', { params: { id } })).body as DatasetJob;
    return last.state === state && last;
  }, 100_000, () => JSON.stringify(last));
}

const resultOf = async <K extends DatasetJobResult['kind']>(job: DatasetJob, _kind: K) => (await settled(job)).result as Extract<DatasetJobResult, { kind: K }>;
const samplesOf = async ({ id }: Pick<Dataset, 'id'>, query: Record<string, string> = {}): Promise<SampleSummary[]> => (await gateway.owner.call('listSamples', { params: { id }, query: { limit: '500', ...query } })).body.items as SampleSummary[];
const sampleOf = async ({ id }: Pick<Dataset, 'id'>, sha256: string): Promise<Sample> => (await gateway.owner.call('getSample', { params: { id, sha256 } })).body as Sample;
const annotationsOf = async (set: Dataset): Promise<Map<string, Annotation[]>> => new Map(await Promise.all((await samplesOf(set)).map(async ({ sha256 }) => [sha256, (await sampleOf(set, sha256)).annotations] as const)));
const save = ({ id }: Dataset, sha256: string, annotations: readonly Annotation[]) => gateway.owner.call('saveAnnotations', { params: { id, sha256 }, body: { annotations } });

/** The model asked directly. */
async function seenBy(session: ModelSession, content: Uint8Array, minScore: number) {
  const { width, height, color, resize, align, pad } = session.manifest.input;
  const frame = decodeStill(content);
  const scaler = new FrameScaler({ width, height, color, resize, align, pad });
  const pixels = new Uint8Array(width * height * 3);
  const placement = scaler.scaleInto(frame, null, pixels);
  const { count, boxes, scores, labels, labelNames } = decodeDetections(session.manifest, await session.run(pixels, 1, minScore), 0, placement, { minScore, frame });
  scaler.close();
  frame.free();
  return Array.from({ length: count }, (_unused, row) => ({ label: labelNames[labels[row] as number], score: scores[row], box: { x: boxes[row * 4], y: boxes[row * 4 + 1], width: boxes[row * 4 + 2], height: boxes[row * 4 + 3] } }));
}

describe.skipIf(problem)('a job', () => {
  it('labels as the model sees it, again with the same result, and leaves alone what people did', async () => {
    await startWorker();
    const set = await create('labelled');
    const digests = await Promise.all(frames.slice(0, 6).map((frame) => put(set, frame)));
    const job = await begin(set, { kind: 'auto-label', model: DETECTOR, minScore: 0.35 });
    const done = await settled(job);
    expect(done).toMatchObject({ state: 'done', problem: null, progress: { done: 6, total: 6, secondsLeft: null } });
    const pkg = await readModelPackage(join(MODELS, DETECTOR));
    const session = await openModel(pkg);
    let boxes = 0;
    for (const [index, sha256] of digests.entries()) {
      const { annotations } = await sampleOf(set, sha256);
      expect(annotations.map(({ label, score, box }) => ({ label, score, box }))).toEqual(await seenBy(session, frames[index] as Buffer, 0.35));
      for (const one of annotations) expect(one).toMatchObject({ state: 'auto', kind: 'box', model: { id: DETECTOR, version: pkg.manifest.version, digest: pkg.manifest.files[pkg.manifest.model] } });
      boxes += annotations.length;
    }
    await session.close();
    expect(boxes).toBeGreaterThan(6);
    expect(done.result).toMatchObject({ kind: 'auto-label', samples: 6, boxes, troubles: [] });

    const [first, second, third] = digests as [string, string, string];
    const before = await annotationsOf(set);
    const edited = (before.get(first) as Annotation[]).map((one, index): Annotation => (index === 0 ? { ...one, state: 'edited', label: 'Fußgänger', box: { ...one.box, x: one.box.x + 3 } } : one));
    const accepted = (before.get(second) as Annotation[]).slice(0, 1).map((one): Annotation => ({ ...one, state: 'accepted' }));
    await save(set, first, edited);
    await save(set, second, accepted);
    const revision = ((await gateway.dataSource.query('SELECT revision FROM datasets')) as { revision: string }[])[0]?.revision;
    await settled(await begin(set, { kind: 'auto-label', model: DETECTOR, minScore: 0.35 }));
    const after = await annotationsOf(set);
    const byId = (annotations: readonly Annotation[] = []): Annotation[] => annotations.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(after.get(first))).toEqual(byId(edited));
    expect(after.get(second)).toEqual(accepted);
    expect(after.get(third)).toEqual(before.get(third));
    expect(((await gateway.dataSource.query('SELECT revision FROM datasets')) as { revision: string }[])[0]?.revision).toBe(revision);

    // Only what is wanted, under its own name; the model's boxes of before go.
    await settled(await begin(set, { kind: 'auto-label', model: DETECTOR, minScore: 0.35, labels: { person: '人' } }));
    const named = (await annotationsOf(set)).get(third) as Annotation[];
    expect(new Set(named.map(({ label }) => label))).toEqual(new Set(['人']));
    expect(named.map(({ box }) => box)).toEqual((before.get(third) as Annotation[]).filter(({ label }) => label === 'person').map(({ box }) => box));
    expect((await samplesOf(set, { label: '人' })).length).toBeGreaterThan(3);
  }, 120_000);

  it('gives the same when workers are killed in the middle of it', async () => {
    const [calm, stormy] = [await create('calm'), await create('stormy')];
    for (const set of [calm, stormy]) for (const frame of frames) await put(set, frame);
    await startWorker();
    const expected = await settled(await begin(calm, { kind: 'auto-label', model: DETECTOR, minScore: 0.3 }));
    await endWorker(workers.pop() as ChildProcess, 'SIGTERM');
    const job = await begin(stormy, { kind: 'auto-label', model: DETECTOR, minScore: 0.3 });
    for (const reached of [1, 17]) {
      const worker = await startWorker();
      await waitFor(async () => ((await gateway.owner.call('getDatasetJob', { params: { id: job.id } })).body as DatasetJob).progress.done >= reached, 60_000);
      await endWorker(worker, 'SIGKILL');
      workers.length = 0;
    }
    // And its process with it: the picture in hand is looked at again.
    const last = await startWorker();
    for (const pid of await waitFor(() => childrenOf(last), 30_000)) process.kill(pid, 'SIGKILL');
    const done = await settled(job);
    expect(done.result).toEqual(expected.result);
    expect(await annotationsOf(stormy)).toEqual(await annotationsOf(calm));

    const redacted = await begin(stormy, { kind: 'redact', name: 'stormy without faces' });
    await waitFor(async () => ((await gateway.owner.call('getDatasetJob', { params: { id: redacted.id } })).body as DatasetJob).progress.done >= 1, 60_000);
    await endWorker(last, 'SIGKILL');
    workers.length = 0;
    await startWorker();
    const [one, other] = [await resultOf(redacted, 'redact'), await resultOf(await begin(calm, { kind: 'redact', name: 'calm without faces' }), 'redact')];
    expect({ ...one, datasetId: null }).toEqual({ ...other, datasetId: null });
    expect(one.samples).toBe(frames.length);
    const digests = async (id: Dataset['id']): Promise<string[]> => (await samplesOf({ id })).map(({ sha256 }) => sha256).toSorted();
    expect(await digests(one.datasetId)).toEqual(await digests(other.datasetId));
    for (const sha256 of await digests(one.datasetId)) expect((await store.read(sha256)).byteLength).toBeGreaterThan(0);
  }, 180_000);

  it('chooses what differs, beside what is labelled, and copies or marks it', async () => {
    await startWorker();
    const [set, into] = [await create('street'), await create('chosen')];
    const dark = (content: Buffer): Buffer => execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-vf', 'crop=iw/3:ih/3,negate', '-f', 'mjpeg', '-q:v', '3', '-'], { input: content });
    for (const [index, frame] of frames.slice(0, 24).entries()) await put(set, frame, { group: index < 20 ? 'Gate' : 'Market' });
    const odd = await put(set, dark(frames[0] as Buffer), { group: 'Yard', cameraId: theirs });
    const result = await resultOf(await begin(set, { kind: 'pick-diverse', count: 6, perGroup: 3, target: { kind: 'copy', into: into.id } }), 'pick-diverse');
    expect(result).toMatchObject({ ended: 'count', changed: 6, troubles: [] });
    expect(new Set(result.sha256s).size).toBe(6);
    expect(result.sha256s).toContain(odd);
    expect(result.coverage.chosen.radius).toBeLessThanOrEqual(result.coverage.uniform.radius);
    const copied = await samplesOf(into);
    expect(copied.map(({ sha256 }) => sha256).toSorted()).toEqual(result.sha256s.toSorted());
    const perGroup = new Map<string, number>();
    for (const { origin } of copied) perGroup.set(origin?.group as string, (perGroup.get(origin?.group as string) ?? 0) + 1);
    expect([...perGroup.keys()].toSorted()).toEqual(['Gate', 'Market', 'Yard']);
    expect(Math.max(...perGroup.values())).toBeLessThanOrEqual(3);
    // The other set is of these cameras now.
    const scoped = await gateway.withKey(['dataset.read'], [mine]);
    expect((await scoped.call('getDataset', { params: { id: into.id } })).status).toBe(404);
    // Vectors are there: of pictures, not of sets. What was chosen is not chosen again.
    expect(await gateway.dataSource.query(`SELECT count(*)::int AS count FROM sample_embeddings`)).toEqual([{ count: 25 }]);
    const again = await resultOf(await begin(set, { kind: 'pick-diverse', count: 4, target: { kind: 'copy', into: into.id } }), 'pick-diverse');
    expect(again.sha256s.filter((sha256) => result.sha256s.includes(sha256))).toEqual([]);
    const embedded = await resultOf(await begin(into, { kind: 'embed' }), 'embed');
    expect(embedded).toMatchObject({ embedded: 0, known: 10 });
    const marked = await resultOf(await begin(set, { kind: 'pick-diverse', count: 2, target: { kind: 'focus' } }), 'pick-diverse');
    expect((await samplesOf(set)).filter(({ focus }) => focus).map(({ sha256 }) => sha256).toSorted()).toEqual(marked.sha256s.toSorted());
  }, 120_000);

  it('finds what repeats, takes it out, and it can be taken back', async () => {
    await startWorker();
    const set = await create('doubles');
    const [a, b] = frames as [Buffer, Buffer];
    const note = Buffer.from([0xff, 0xfe, 0, 6, 1, 2, 3, 4]);
    const original = await put(set, a);
    const packed = await put(set, Buffer.concat([a.subarray(0, 2), note, a.subarray(2)]), { sharpness: null });
    const small = execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-vf', 'scale=iw/2:-2', '-f', 'mjpeg', '-q:v', '6', '-'], { input: a });
    const resized = await put(set, small);
    const mirrored = await put(set, execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-vf', 'hflip,negate', '-f', 'mjpeg', '-q:v', '3', '-'], { input: b }));
    const exact = await resultOf(await begin(set, { kind: 'find-duplicates', how: 'exact' }), 'find-duplicates');
    expect(exact).toMatchObject({ groups: 1, duplicates: 1, removed: 0 });
    expect([exact.list[0]?.kept, ...(exact.list[0]?.others ?? [])].toSorted()).toEqual([original, packed].toSorted());
    const near = await resultOf(await begin(set, { kind: 'find-duplicates', how: 'near', remove: true }), 'find-duplicates');
    expect(near).toMatchObject({ groups: 1, duplicates: 2, removed: 2 });
    expect([original, packed]).toContain(near.list[0]?.kept);
    expect((await samplesOf(set)).map(({ sha256 }) => sha256).toSorted()).toEqual([near.list[0]?.kept, mirrored].toSorted());
    const removed = (await samplesOf(set, { removed: 'true' })).map(({ sha256 }) => sha256);
    expect(removed).toContain(resized);
    expect((await gateway.owner.call('restoreSamples', { params: { id: set.id }, body: { sha256s: removed } })).body).toEqual({ changed: 2 });
    const semantic = await resultOf(await begin(set, { kind: 'find-duplicates', how: 'semantic', epsilon: 0.02 }), 'find-duplicates');
    expect(semantic).toMatchObject({ groups: 1, duplicates: 2 });
  }, 120_000);

  it('splits by group, and says what the set is good for', async () => {
    await startWorker();
    const set = await create('split');
    for (const [index, frame] of frames.slice(0, 12).entries()) await put(set, frame, { group: `camera ${index % 4}` });
    const apart = await resultOf(await begin(set, { kind: 'split', shares: { train: 0.5, val: 0.25, test: 0.25 }, linked: false }), 'split');
    expect(apart).toMatchObject({ samples: { train: 6, val: 3, test: 3 }, problems: [] });
    const splits = new Map<string, Set<string | null>>();
    for (const { origin, split } of await samplesOf(set)) splits.set(origin?.group as string, (splits.get(origin?.group as string) ?? new Set()).add(split));
    for (const [, of] of splits) expect(of.size).toBe(1);
    // One fixed camera is nearly in every split.
    expect(apart.leaks.count).toBeGreaterThan(0);
    const together = await resultOf(await begin(set, { kind: 'split' }), 'split');
    expect(together.leaks).toEqual({ count: 0, list: [] });
    const { sha256 } = (await samplesOf(set))[0] as SampleSummary;
    await gateway.owner.call('changeSamples', { params: { id: set.id }, body: { sha256s: [sha256], set: { complete: true } } });
    const graded = await resultOf(await begin(set, { kind: 'grade', model: DETECTOR, minScore: 0.4 }), 'grade');
    expect(graded).toMatchObject({ grade: 'demo', samples: 12, boxes: 0, complete: 1, unlabelled: { samples: 1, list: [{ sha256 }] } });
    expect(graded.reasons.map(({ code }) => code)).toEqual(expect.arrayContaining(['few-scenes', 'few-boxes', 'incomplete']));
    expect(graded.scenes.count).toBeLessThan(6);
    expect(graded.unlabelled?.boxes).toBeGreaterThan(0);
  }, 120_000);

  it('redacts into new pictures: heads are changed, the rest is as it was, and nothing leads to the original', async () => {
    await startWorker();
    const set = await create('faces');
    const source = await put(set, frames[3] as Buffer, { isOriginal: true });
    const result = await resultOf(await begin(set, { kind: 'redact', name: 'no faces', labels: ['car'], how: 'fill' }), 'redact');
    expect(result).toMatchObject({ samples: 1, troubles: [] });
    expect(result.regions).toBeGreaterThan(0);
    const [made] = (await samplesOf({ id: result.datasetId })) as [SampleSummary];
    expect(made.sha256).not.toBe(source);
    expect(made).toMatchObject({ mime: 'image/jpeg', name: 'a.jpg', origin: { cameraId: mine, group: 'Gate', video: 'street', frameIndex: 7 } });
    const whole = await sampleOf({ id: result.datasetId }, made.sha256);
    expect(JSON.stringify(whole)).not.toContain(source);
    expect(JSON.stringify(whole)).not.toContain('secret');
    // Without masks it was, without masks it is.
    const limited = await gateway.withKey(['dataset.read']);
    expect((await limited.call('getSamplePicture', { params: { id: result.datasetId, sha256: made.sha256 } })).status).toBe(403);
    expect((await (await gateway.withKey(['dataset.read'], [theirs])).call('getDataset', { params: { id: result.datasetId } })).status).toBe(404);

    // Decoded by ffmpeg: what differs lies in few places, and differs there in earnest.
    const grey = (content: Uint8Array): Buffer => execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'], { input: content, maxBuffer: 1 << 26 });
    const [before, after] = [grey(frames[3] as Buffer), grey(await store.read(made.sha256))];
    const session = await openModel(await readModelPackage(join(MODELS, DETECTOR)));
    const seen = await seenBy(session, frames[3] as Buffer, 0.25);
    await session.close();
    // Of everybody who is seen well, something of the size of a head is grey, where heads are.
    const standing = seen.filter(({ label, score, box }) => label === 'person' && (score as number) >= 0.5 && (box.height as number) > 1.8 * (box.width as number));
    expect(standing.length).toBeGreaterThan(2);
    for (const { box: { x, y, width: wide, height: high } } of standing as { box: { x: number; y: number; width: number; height: number } }[]) {
      let covered = 0;
      for (let row = Math.max(0, Math.round(y - 0.1 * high)); row < y + 0.3 * high; row += 1) for (let column = Math.max(0, Math.round(x)); column < Math.min(made.width, x + wide); column += 1) covered += Math.abs((after[row * made.width + column] as number) - 48) <= 2 ? 1 : 0;
      expect(covered).toBeGreaterThan((high / 8) ** 2);
    }
    const people = seen.filter(({ label }) => label === 'person' || label === 'car').map(({ box }) => box as { x: number; y: number; width: number; height: number });
    expect(people.length).toBeGreaterThan(0);
    const { width, height } = made;
    let [outside, worst, changed] = [0, 0, 0];
    for (let at = 0; at < width * height; at += 1) {
      const [x, y] = [at % width, Math.floor(at / width)];
      const difference = Math.abs((before[at] as number) - (after[at] as number));
      const isNear = people.some((box) => x > box.x - 0.4 * box.width - 10 && x < box.x + 1.4 * box.width + 10 && y > box.y - 0.4 * box.height - 10 && y < box.y + 1.4 * box.height + 10);
      if (isNear) changed += difference > 24 ? 1 : 0;
      else [outside, worst] = [outside + difference, Math.max(worst, difference)];
    }
    expect(worst).toBeLessThan(16);
    expect(outside / (width * height)).toBeLessThan(1.5);
    expect(changed).toBeGreaterThan(50);
    const clash = await gateway.owner.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'redact', name: 'NO faces' } });
    expect(clash.body).toMatchObject({ code: 'dataset.name-taken' });
  }, 120_000);

  it('is stopped within a batch and gone on with; a set that is worked on is not removed', async () => {
    const set = await create('stopped');
    for (const frame of frames) await put(set, frame);
    const job = await begin(set, { kind: 'embed' });
    expect((await gateway.owner.call('deleteDataset', { params: { id: set.id } })).body).toMatchObject({ code: 'dataset.in-use' });
    await startWorker();
    await waitFor(async () => ((await gateway.owner.call('getDatasetJob', { params: { id: job.id } })).body as DatasetJob).state === 'running', 30_000);
    expect((await gateway.owner.call('cancelDatasetJob', { params: { id: job.id } })).body).toMatchObject({ state: 'cancelled' });
    expect((await gateway.owner.call('cancelDatasetJob', { params: { id: job.id } })).body).toMatchObject({ code: 'dataset-job.state' });
    // Whoever waits behind it has the worker.
    const other = await create('other');
    await put(other, frames[0] as Buffer);
    await settled(await begin(other, { kind: 'split' }));
    const embedded = async (): Promise<number> => ((await gateway.dataSource.query('SELECT count(*)::int AS count FROM sample_embeddings')) as { count: number }[])[0]?.count as number;
    expect(await embedded()).toBeLessThan(frames.length);
    expect((await gateway.owner.call('resumeDatasetJob', { params: { id: job.id } })).status).toBe(200);
    const done = await settled(job);
    expect(done.progress).toMatchObject({ done: 40, total: 40 });
    expect(await embedded()).toBe(frames.length);
    const audit = await gateway.dataSource.query(`SELECT action FROM audit WHERE subject_id = $1 ORDER BY at`, [job.id]);
    expect(audit).toEqual(['dataset-job.create', 'dataset-job.cancel', 'dataset-job.resume'].map((action) => ({ action })));
  }, 120_000);

  it('is for those who see the set, and may change it', async () => {
    const [set, other] = [await create('theirs'), await create('mine')];
    await put(set, frames[0] as Buffer, { cameraId: theirs });
    await put(other, frames[0] as Buffer);
    const job = await begin(set, { kind: 'split' });
    const scoped = await gateway.withKey(['dataset.read', 'dataset.write'], [mine]);
    const statuses = await Promise.all([
      scoped.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'embed' } }),
      scoped.call('listDatasetJobs', { params: { id: set.id } }),
      scoped.call('getDatasetJob', { params: { id: job.id } }),
      scoped.call('cancelDatasetJob', { params: { id: job.id } }),
      scoped.call('resumeDatasetJob', { params: { id: job.id } }),
      // Nor into a set that is not to be seen.
      scoped.call('createDatasetJob', { params: { id: other.id }, body: { kind: 'pick-diverse', count: 1, target: { kind: 'copy', into: set.id } } }),
    ]);
    expect(statuses.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
    const reader = await gateway.withKey(['dataset.read']);
    expect((await reader.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'embed' } })).status).toBe(403);
    expect((await reader.call('listDatasetJobs', { params: { id: set.id } })).body.items).toMatchObject([{ id: job.id, options: { kind: 'split', shares: { train: 0.8 } }, state: 'queued' }]);
    expect((await gateway.owner.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'redact', name: 'x', heads: false } })).body).toMatchObject({ status: 400, errors: [{ path: 'labels' }] });
  });

  it('fails with what was expected, and goes on without pictures that cannot be read', async () => {
    await startWorker();
    const set = await create('broken');
    expect((await settled(await begin(set, { kind: 'auto-label', model: 'no-such-model' }), 'failed')).problem).toMatch(/expected a package that can detect, got "no-such-model".*nanodet-g-416/);
    const good = await put(set, frames[0] as Buffer);
    const lost = '0'.repeat(64);
    await gateway.dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) VALUES ($1, 'image/jpeg', 1, 1, 1, now())`, [Buffer.from(lost, 'hex')]);
    await gateway.dataSource.query(`INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, added_at) VALUES ($1, $2, 'lost.jpg', 'Gate', now())`, [set.id, Buffer.from(lost, 'hex')]);
    const result = await resultOf(await begin(set, { kind: 'auto-label', model: DETECTOR, minScore: 0.3 }), 'auto-label');
    expect(result).toMatchObject({ samples: 1, troubles: [{ sha256: lost, problem: expect.stringContaining('not there') }] });
    expect(result.troubles[0]?.problem).not.toContain(gateway.data);
    expect((await sampleOf(set, good)).annotations.length).toBe(result.boxes);
  }, 60_000);
});
