import { execFileSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Annotation, CameraId, Dataset, SampleSummary } from '@argus/contracts';
import { decodeStill, FrameScaler } from '@argus/media';
import { decodeDetections, openModel, readModelPackage, type ModelSession } from '@argus/models';
import { waitFor } from '@argus/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endWorker, whyNoWorker } from '../../test/running-worker.js';
import { addCamera, MODELS, SetBench, type PutOptions } from '../../test/set-bench.js';
import { streetPictures } from '../../test/street-pictures.js';

/** Real: PostgreSQL, HTTP, built workers as processes, the shipped models, pictures of the shipped street. */
const problem = whyNoWorker();
if (problem) console.warn(`skipped: ${problem}`);

const DETECTOR = 'nanodet-g-416';
let bench: SetBench;
let theirs: CameraId;
let frames: readonly Buffer[];

beforeAll(async () => {
  frames = streetPictures(40, 'fps=2');
  bench = await SetBench.open();
  theirs = await addCamera(bench.gateway, 'Yard');
}, 60_000);
afterEach(() => bench.clear());
afterAll(() => bench?.close());

/** Only the one that looks at pictures: harvests have no slot. */
function childrenOf({ pid }: ChildProcess): number[] | null {
  const pids = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return pids.length > 0 ? pids : null;
}

/** As a worker puts harvested pictures. */
const put = (set: Dataset, content: Uint8Array, { row = {}, ...options }: PutOptions = {}): Promise<string> => bench.put(set, content, { ...options, row: { name: 'a.png', attributes: '{"imageData":"secret"}', ...row } });
const save = ({ id }: Dataset, sha256: string, annotations: readonly Annotation[]) => bench.gateway.owner.call('saveAnnotations', { params: { id, sha256 }, body: { annotations } });

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
    await bench.worker();
    const set = await bench.create('labelled');
    const digests = await Promise.all(frames.slice(0, 6).map((frame) => put(set, frame)));
    const job = await bench.begin(set, { kind: 'auto-label', model: DETECTOR, minScore: 0.35 });
    const done = await bench.settled(job);
    expect(done).toMatchObject({ state: 'done', problem: null, progress: { done: 6, total: 6, secondsLeft: null } });
    const pkg = await readModelPackage(join(MODELS, DETECTOR));
    const session = await openModel(pkg);
    let boxes = 0;
    for (const [index, sha256] of digests.entries()) {
      const { annotations } = await bench.sample(set, sha256);
      expect(annotations.map(({ label, score, box }) => ({ label, score, box }))).toEqual(await seenBy(session, frames[index] as Buffer, 0.35));
      for (const one of annotations) expect(one).toMatchObject({ state: 'auto', kind: 'box', model: { id: DETECTOR, version: pkg.manifest.version, digest: pkg.manifest.files[pkg.manifest.model] } });
      boxes += annotations.length;
    }
    await session.close();
    expect(boxes).toBeGreaterThan(6);
    expect(done.result).toMatchObject({ kind: 'auto-label', samples: 6, boxes, troubles: [] });

    const [first, second, third] = digests as [string, string, string];
    const before = await bench.annotations(set);
    const edited = (before.get(first) as Annotation[]).map((one, index): Annotation => (index === 0 ? { ...one, state: 'edited', label: 'Fußgänger', box: { ...one.box, x: one.box.x + 3 } } : one));
    const accepted = (before.get(second) as Annotation[]).slice(0, 1).map((one): Annotation => ({ ...one, state: 'accepted' }));
    await save(set, first, edited);
    await save(set, second, accepted);
    const revision = ((await bench.gateway.dataSource.query('SELECT revision FROM datasets')) as { revision: string }[])[0]?.revision;
    await bench.settled(await bench.begin(set, { kind: 'auto-label', model: DETECTOR, minScore: 0.35 }));
    const after = await bench.annotations(set);
    const byId = (annotations: readonly Annotation[] = []): Annotation[] => annotations.toSorted((a, b) => (a.id < b.id ? -1 : 1));
    expect(byId(after.get(first))).toEqual(byId(edited));
    expect(after.get(second)).toEqual(accepted);
    expect(after.get(third)).toEqual(before.get(third));
    expect(((await bench.gateway.dataSource.query('SELECT revision FROM datasets')) as { revision: string }[])[0]?.revision).toBe(revision);

    // Only what is wanted, under its own name; the model's boxes of before go.
    await bench.settled(await bench.begin(set, { kind: 'auto-label', model: DETECTOR, minScore: 0.35, labels: { person: '人' } }));
    const named = (await bench.annotations(set)).get(third) as Annotation[];
    expect(new Set(named.map(({ label }) => label))).toEqual(new Set(['人']));
    expect(named.map(({ box }) => box)).toEqual((before.get(third) as Annotation[]).filter(({ label }) => label === 'person').map(({ box }) => box));
    expect((await bench.samples(set, { label: '人' })).length).toBeGreaterThan(3);
  }, 120_000);

  it('gives the same when workers are killed in the middle of it', async () => {
    const [calm, stormy] = [await bench.create('calm'), await bench.create('stormy')];
    for (const set of [calm, stormy]) for (const frame of frames) await put(set, frame);
    const first = await bench.worker();
    const expected = await bench.settled(await bench.begin(calm, { kind: 'auto-label', model: DETECTOR, minScore: 0.3 }));
    await endWorker(first, 'SIGTERM');
    const job = await bench.begin(stormy, { kind: 'auto-label', model: DETECTOR, minScore: 0.3 });
    for (const reached of [1, 17]) {
      const worker = await bench.worker();
      await waitFor(async () => (await bench.job(job)).progress.done >= reached, 60_000);
      await endWorker(worker, 'SIGKILL');
    }
    // And its process with it: the picture in hand is looked at again.
    const last = await bench.worker();
    for (const pid of await waitFor(() => childrenOf(last), 30_000)) process.kill(pid, 'SIGKILL');
    const done = await bench.settled(job);
    expect(done.result).toEqual(expected.result);
    expect(await bench.annotations(stormy)).toEqual(await bench.annotations(calm));

    const redacted = await bench.begin(stormy, { kind: 'redact', name: 'stormy without faces' });
    await waitFor(async () => (await bench.job(redacted)).progress.done >= 1, 60_000);
    await endWorker(last, 'SIGKILL');
    await bench.worker();
    const [one, other] = [await bench.resultOf(redacted, 'redact'), await bench.result(calm, { kind: 'redact', name: 'calm without faces' })];
    expect({ ...one, datasetId: null }).toEqual({ ...other, datasetId: null });
    expect(one.samples).toBe(frames.length);
    const digests = async (id: Dataset['id']): Promise<string[]> => (await bench.samples({ id })).map(({ sha256 }) => sha256).toSorted();
    expect(await digests(one.datasetId)).toEqual(await digests(other.datasetId));
    for (const sha256 of await digests(one.datasetId)) expect((await bench.store.read(sha256)).byteLength).toBeGreaterThan(0);
  }, 180_000);

  it('chooses what differs, beside what is labelled, and copies or marks it', async () => {
    await bench.worker();
    const [set, into] = [await bench.create('street'), await bench.create('chosen')];
    const dark = (content: Buffer): Buffer => execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-vf', 'crop=iw/3:ih/3,negate', '-f', 'mjpeg', '-q:v', '3', '-'], { input: content });
    for (const [index, frame] of frames.slice(0, 24).entries()) await put(set, frame, { group: index < 20 ? 'Gate' : 'Market' });
    const odd = await put(set, dark(frames[0] as Buffer), { group: 'Yard', cameraId: theirs });
    const result = await bench.result(set, { kind: 'pick-diverse', count: 6, perGroup: 3, target: { kind: 'copy', into: into.id } });
    expect(result).toMatchObject({ ended: 'count', changed: 6, troubles: [] });
    expect(new Set(result.sha256s).size).toBe(6);
    expect(result.sha256s).toContain(odd);
    expect(result.coverage.chosen.radius).toBeLessThanOrEqual(result.coverage.uniform.radius);
    const copied = await bench.samples(into);
    expect(copied.map(({ sha256 }) => sha256).toSorted()).toEqual(result.sha256s.toSorted());
    const perGroup = new Map<string, number>();
    for (const { origin } of copied) perGroup.set(origin?.group as string, (perGroup.get(origin?.group as string) ?? 0) + 1);
    expect([...perGroup.keys()].toSorted()).toEqual(['Gate', 'Market', 'Yard']);
    expect(Math.max(...perGroup.values())).toBeLessThanOrEqual(3);
    // The other set is of these cameras now.
    const scoped = await bench.gateway.withKey(['dataset.read'], [bench.cameraId]);
    expect((await scoped.call('getDataset', { params: { id: into.id } })).status).toBe(404);
    // Vectors are there: of pictures, not of sets. What was chosen is not chosen again.
    expect(await bench.gateway.dataSource.query(`SELECT count(*)::int AS count FROM sample_embeddings`)).toEqual([{ count: 25 }]);
    const again = await bench.result(set, { kind: 'pick-diverse', count: 4, target: { kind: 'copy', into: into.id } });
    expect(again.sha256s.filter((sha256) => result.sha256s.includes(sha256))).toEqual([]);
    const embedded = await bench.result(into, { kind: 'embed' });
    expect(embedded).toMatchObject({ embedded: 0, known: 10 });
    const marked = await bench.result(set, { kind: 'pick-diverse', count: 2, target: { kind: 'focus' } });
    expect((await bench.samples(set)).filter(({ focus }) => focus).map(({ sha256 }) => sha256).toSorted()).toEqual(marked.sha256s.toSorted());
  }, 120_000);

  it('finds what repeats, takes it out, and it can be taken back', async () => {
    await bench.worker();
    const set = await bench.create('doubles');
    const [a, b] = frames as [Buffer, Buffer];
    const note = Buffer.from([0xff, 0xfe, 0, 6, 1, 2, 3, 4]);
    const original = await put(set, a);
    const packed = await put(set, Buffer.concat([a.subarray(0, 2), note, a.subarray(2)]), { row: { sharpness: null, phash: null } });
    const small = execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-vf', 'scale=iw/2:-2', '-f', 'mjpeg', '-q:v', '6', '-'], { input: a });
    const resized = await put(set, small);
    const mirrored = await put(set, execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-vf', 'hflip,negate', '-f', 'mjpeg', '-q:v', '3', '-'], { input: b }));
    const exact = await bench.result(set, { kind: 'find-duplicates', how: 'exact' });
    expect(exact).toMatchObject({ groups: 1, duplicates: 1, removed: 0 });
    expect([exact.list[0]?.kept, ...(exact.list[0]?.others ?? [])].toSorted()).toEqual([original, packed].toSorted());
    const near = await bench.result(set, { kind: 'find-duplicates', how: 'near', remove: true });
    expect(near).toMatchObject({ groups: 1, duplicates: 2, removed: 2 });
    expect([original, packed]).toContain(near.list[0]?.kept);
    expect((await bench.samples(set)).map(({ sha256 }) => sha256).toSorted()).toEqual([near.list[0]?.kept, mirrored].toSorted());
    const removed = (await bench.samples(set, { removed: 'true' })).map(({ sha256 }) => sha256);
    expect(removed).toContain(resized);
    expect((await bench.gateway.owner.call('restoreSamples', { params: { id: set.id }, body: { sha256s: removed } })).body).toEqual({ changed: 2 });
    const semantic = await bench.result(set, { kind: 'find-duplicates', how: 'semantic', epsilon: 0.02 });
    expect(semantic).toMatchObject({ groups: 1, duplicates: 2 });
  }, 120_000);

  it('splits by group, and says what the set is good for', async () => {
    await bench.worker();
    const set = await bench.create('split');
    for (const [index, frame] of frames.slice(0, 12).entries()) await put(set, frame, { group: `camera ${index % 4}` });
    const apart = await bench.result(set, { kind: 'split', shares: { train: 0.5, val: 0.25, test: 0.25 }, linked: false });
    expect(apart).toMatchObject({ samples: { train: 6, val: 3, test: 3 }, problems: [] });
    const splits = new Map<string, Set<string | null>>();
    for (const { origin, split } of await bench.samples(set)) splits.set(origin?.group as string, (splits.get(origin?.group as string) ?? new Set()).add(split));
    for (const [, of] of splits) expect(of.size).toBe(1);
    // One fixed camera is nearly in every split.
    expect(apart.leaks.count).toBeGreaterThan(0);
    const together = await bench.result(set, { kind: 'split' });
    expect(together.leaks).toEqual({ count: 0, list: [] });
    const { sha256 } = (await bench.samples(set))[0] as SampleSummary;
    await bench.gateway.owner.call('changeSamples', { params: { id: set.id }, body: { sha256s: [sha256], set: { complete: true } } });
    const graded = await bench.result(set, { kind: 'grade', model: DETECTOR, minScore: 0.4 });
    expect(graded).toMatchObject({ grade: 'demo', samples: 12, boxes: 0, complete: 1, unlabelled: { samples: 1, list: [{ sha256 }] } });
    expect(graded.reasons.map(({ code }) => code)).toEqual(expect.arrayContaining(['few-scenes', 'few-boxes', 'incomplete']));
    expect(graded.scenes.count).toBeLessThan(6);
    expect(graded.unlabelled?.boxes).toBeGreaterThan(0);
  }, 120_000);

  it('redacts into new pictures: heads are changed, the rest is as it was, and nothing leads to the original', async () => {
    await bench.worker();
    const set = await bench.create('faces');
    const source = await put(set, frames[3] as Buffer, { row: { is_original: true } });
    const result = await bench.result(set, { kind: 'redact', name: 'no faces', labels: ['car'], how: 'fill' });
    expect(result).toMatchObject({ samples: 1, troubles: [] });
    expect(result.regions).toBeGreaterThan(0);
    const [made] = (await bench.samples({ id: result.datasetId })) as [SampleSummary];
    expect(made.sha256).not.toBe(source);
    expect(made).toMatchObject({ mime: 'image/jpeg', name: 'a.jpg', origin: { cameraId: bench.cameraId, group: 'Gate', video: 'street', frameIndex: 7 } });
    const whole = await bench.sample({ id: result.datasetId }, made.sha256);
    expect(JSON.stringify(whole)).not.toContain(source);
    expect(JSON.stringify(whole)).not.toContain('secret');
    // Without masks it was, without masks it is.
    const limited = await bench.gateway.withKey(['dataset.read']);
    expect((await limited.call('getSamplePicture', { params: { id: result.datasetId, sha256: made.sha256 } })).status).toBe(403);
    expect((await (await bench.gateway.withKey(['dataset.read'], [theirs])).call('getDataset', { params: { id: result.datasetId } })).status).toBe(404);

    // Decoded by ffmpeg: what differs lies in few places, and differs there in earnest.
    const grey = (content: Uint8Array): Buffer => execFileSync('ffmpeg', ['-v', 'error', '-f', 'mjpeg', '-i', '-', '-f', 'rawvideo', '-pix_fmt', 'gray', '-'], { input: content, maxBuffer: 1 << 26 });
    const [before, after] = [grey(frames[3] as Buffer), grey(await bench.store.read(made.sha256))];
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
    const clash = await bench.gateway.owner.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'redact', name: 'NO faces' } });
    expect(clash.body).toMatchObject({ code: 'dataset.name-taken' });
  }, 120_000);

  it('is stopped within a batch and gone on with; a set that is worked on is not removed', async () => {
    const set = await bench.create('stopped');
    for (const frame of frames) await put(set, frame);
    const job = await bench.begin(set, { kind: 'embed' });
    expect((await bench.gateway.owner.call('deleteDataset', { params: { id: set.id } })).body).toMatchObject({ code: 'dataset.in-use' });
    await bench.worker();
    await waitFor(async () => (await bench.job(job)).state === 'running', 30_000);
    expect((await bench.gateway.owner.call('cancelDatasetJob', { params: { id: job.id } })).body).toMatchObject({ state: 'cancelled' });
    expect((await bench.gateway.owner.call('cancelDatasetJob', { params: { id: job.id } })).body).toMatchObject({ code: 'dataset-job.state' });
    // Whoever waits behind it has the worker.
    const other = await bench.create('other');
    await put(other, frames[0] as Buffer);
    await bench.settled(await bench.begin(other, { kind: 'split' }));
    const embedded = async (): Promise<number> => ((await bench.gateway.dataSource.query('SELECT count(*)::int AS count FROM sample_embeddings')) as { count: number }[])[0]?.count as number;
    expect(await embedded()).toBeLessThan(frames.length);
    expect((await bench.gateway.owner.call('resumeDatasetJob', { params: { id: job.id } })).status).toBe(200);
    const done = await bench.settled(job);
    expect(done.progress).toMatchObject({ done: 40, total: 40 });
    expect(await embedded()).toBe(frames.length);
    const audit = await bench.gateway.dataSource.query(`SELECT action FROM audit WHERE subject_id = $1 ORDER BY at`, [job.id]);
    expect(audit).toEqual(['dataset-job.create', 'dataset-job.cancel', 'dataset-job.resume'].map((action) => ({ action })));
  }, 120_000);

  it('is for those who see the set, and may change it', async () => {
    const [set, other] = [await bench.create('theirs'), await bench.create('mine')];
    await put(set, frames[0] as Buffer, { cameraId: theirs });
    await put(other, frames[0] as Buffer);
    const job = await bench.begin(set, { kind: 'split' });
    const scoped = await bench.gateway.withKey(['dataset.read', 'dataset.write'], [bench.cameraId]);
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
    const reader = await bench.gateway.withKey(['dataset.read']);
    expect((await reader.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'embed' } })).status).toBe(403);
    expect((await reader.call('listDatasetJobs', { params: { id: set.id } })).body.items).toMatchObject([{ id: job.id, options: { kind: 'split', shares: { train: 0.8 } }, state: 'queued' }]);
    expect((await bench.gateway.owner.call('createDatasetJob', { params: { id: set.id }, body: { kind: 'redact', name: 'x', heads: false } })).body).toMatchObject({ status: 400, errors: [{ path: 'labels' }] });
  });

  it('fails with what was expected, and goes on without pictures that cannot be read', async () => {
    await bench.worker();
    const set = await bench.create('broken');
    expect((await bench.settled(await bench.begin(set, { kind: 'auto-label', model: 'no-such-model' }), 'failed')).problem).toMatch(/expected a package that can detect, got "no-such-model".*nanodet-g-416/);
    const good = await put(set, frames[0] as Buffer);
    const lost = '0'.repeat(64);
    await bench.gateway.dataSource.query(`INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) VALUES ($1, 'image/jpeg', 1, 1, 1, now())`, [Buffer.from(lost, 'hex')]);
    await bench.gateway.dataSource.query(`INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, added_at) VALUES ($1, $2, 'lost.jpg', 'Gate', now())`, [set.id, Buffer.from(lost, 'hex')]);
    const result = await bench.result(set, { kind: 'auto-label', model: DETECTOR, minScore: 0.3 });
    expect(result).toMatchObject({ samples: 1, troubles: [{ sha256: lost, problem: expect.stringContaining('not there') }] });
    expect(result.troubles[0]?.problem).not.toContain(bench.gateway.data);
    expect((await bench.sample(set, good)).annotations.length).toBe(result.boxes);
  }, 60_000);
});
