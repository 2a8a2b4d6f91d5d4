import { createCipheriv, createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Annotation, Camera, CameraId, Dataset, DatasetJob, RecordingSegment, Sample, SavedHarvestRecipe } from '@argus/contracts';
import { openFileTree, readCoco, SampleStore, verifyDataset, writeCoco, ZipSink, type SampleSource } from '@argus/datasets';
import { decodeStill } from '@argus/media';
import { SITE_OWNER, type CrashedKind, type CrashedWork } from './crash-site.js';
import { streetPictures } from './street-pictures.js';
import { makeSegment } from './footage-files.js';
import { connectEngine, type RunningGateway } from './running-gateway.js';

export const MODELS = fileURLToPath(new URL('../../../libs/models/packages', import.meta.url));
const DETECTOR = 'nanodet-g-416';
/** Of each picture of a heavy set. */
const HEAVY_BYTES = 2 ** 20;
/** 19:00 in Shanghai. */
const SEVEN = Date.parse('2026-11-02T11:00:00.000Z');

interface HarvestWish {
  readonly cameras: number;
  readonly segments: number;
  readonly seconds?: number;
  readonly size?: string;
  /** Of 25 pictures a second every nth. */
  readonly every?: number;
}

/** A harvest of so many cameras with so many segments each. */
export async function harvestKind(gateway: RunningGateway, { cameras, segments, seconds = 10, size = '160x120', every = 5 }: HarvestWish): Promise<CrashedKind> {
  const ids: CameraId[] = [];
  for (let camera = 0; camera < cameras; camera += 1) ids.push(((await gateway.owner.call('createCamera', { body: { name: `街道 ${camera}`, url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai', recording: { keepDays: 3650 } } })).body as Camera).id);
  const made: RecordingSegment[] = [];
  for (const [camera, cameraId] of ids.entries()) {
    for (let at = 0; at < segments; at += 1) {
      made.push(makeSegment(gateway.settings.recordingsDir, { cameraId, startMs: SEVEN + at * seconds * 1000, seconds, size, from: (camera * segments + at) * seconds }));
      // What the gateway has to close meanwhile it closes now, not under the next call.
      await sleep(20);
    }
  }
  // Not before all are made: ffmpeg holds this process up, and the link would look dead.
  const engine = await connectEngine(gateway);
  await engine.record(...made);
  engine.close();
  return { name: 'harvest', begin: () => beginHarvest(gateway, made.length, every) };
}

async function beginHarvest(gateway: RunningGateway, segments: number, every: number): Promise<CrashedWork> {
  const recipe = {
    name: 'Streets', cameras: { include: [{ kind: 'keyword', pattern: '街道' }] }, calendar: { dates: { kind: 'range', from: '2026-11-01', to: '2026-11-30' }, windows: [{ from: '19:00', to: '21:00' }] },
    sampling: { kind: 'frames', every }, dropNearDuplicates: false,
  };
  const saved = (await gateway.owner.call('createHarvestRecipe', { body: recipe })).body as SavedHarvestRecipe;
  const { id } = (await gateway.owner.call('startHarvestRun', { params: { id: saved.id } })).body as { id: string };
  const rows = <Row>(sql: string): Promise<Row[]> => gateway.dataSource.query(sql, [id]) as Promise<Row[]>;
  const samples = () => rows<{ video: string; frame: number; sha256: string }>(`SELECT video, frame_index AS frame, encode(sha256, 'hex') AS sha256 FROM dataset_samples WHERE dataset_id = (SELECT dataset_id FROM harvest_runs WHERE id = $1) ORDER BY video, frame_index`);
  return {
    state: async () => (await rows<{ state: string }>('SELECT state FROM harvest_runs WHERE id = $1'))[0]?.state ?? 'gone',
    committed: async () => new Set((await samples()).map(({ video, frame, sha256 }) => `${video}/${frame}/${sha256}`)),
    async committedMs() {
      const [row] = await rows<{ at: Date | null }>(`SELECT min(last.at) AS at FROM harvest_parts AS part, LATERAL (SELECT max(added_at) AS at FROM dataset_samples WHERE dataset_id = (SELECT dataset_id FROM harvest_runs WHERE id = $1) AND camera_id = part.camera_id) AS last WHERE part.run_id = $1 AND part.state = 'running'`);
      return row?.at?.getTime() ?? null;
    },
    async outcome() {
      const [run] = await rows<Record<string, unknown>>(`SELECT segments_done AS done, segments_failed AS failed, added, known, near, jsonb_array_length(troubles) AS troubles FROM harvest_runs WHERE id = $1`);
      const taken = await samples();
      const pictures = new Set(taken.map(({ video, frame }) => `${video}/${frame}`));
      if (run?.['done'] !== segments || run['failed'] !== 0 || run['added'] !== taken.length || pictures.size !== taken.length) throw new Error(`expected ${segments} segments, each picture once, got ${JSON.stringify(run)} and ${pictures.size} pictures in ${taken.length} samples`);
      return { run, taken };
    },
  };
}

const boxOf = (number: number): Annotation => ({ id: `box ${number}`, kind: 'box', label: '行人', box: { x: 10 + number, y: 20.25, width: 31.5, height: 60 }, points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'reviewed', attributes: {} });

/** Behind the end of each picture: a set of many bytes of few pictures. Always the same ones. */
const weighted = (pictures: readonly Buffer[], bytes: number): Buffer[] =>
  pictures.map((content, number) => Buffer.concat([content, createCipheriv('aes-128-ctr', Buffer.alloc(16, number), Buffer.alloc(16)).update(Buffer.alloc(bytes))]));

function sourceOf(pictures: readonly Buffer[]): SampleSource {
  const contents = new Map(pictures.map((content) => [createHash('sha256').update(content).digest('hex'), content]));
  const samples = [...contents].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([sha256, content], number): Sample => {
    const frame = decodeStill(content);
    const { width, height } = frame;
    frame.free();
    return { sha256, mime: 'image/jpeg', bytes: content.length, width, height, name: `${number}.jpg`, origin: null, quality: null, split: 'train', complete: true, focus: false, annotations: [boxOf(number)], attributes: {} };
  });
  return {
    name: 'street',
    async *samples() {
      yield* samples;
    },
    read: async (sha256) => contents.get(sha256) as Buffer,
  };
}

/** Jobs on a set of so many pictures. */
export async function jobKinds(gateway: RunningGateway, count: number): Promise<Record<'auto-label' | 'import' | 'export' | 'version', CrashedKind>> {
  const pictures = streetPictures(count, 'fps=4');
  const street = sourceOf(pictures);
  const archive = join(gateway.data, 'street.zip');
  const sink = await ZipSink.open(archive);
  await writeCoco(street, sink);
  await sink.close();
  const zip = readFileSync(archive);
  const heavy = sourceOf(weighted(pictures, HEAVY_BYTES));
  const filled = (source = street) => filledSet(gateway, source);
  const create = async (): Promise<Dataset> => (await gateway.owner.call('createDataset', { body: { name: 'street' } })).body as Dataset;
  return {
    'auto-label': { name: 'auto-label', begin: async () => beginJob(gateway, await filled(), { kind: 'auto-label', model: DETECTOR, minScore: 0.3, skipReviewed: false }) },
    import: { name: 'import', begin: async () => beginJob(gateway, await create(), { kind: 'import', uploadId: await upload(gateway, zip) }) },
    export: { name: 'export', begin: async () => beginJob(gateway, await filled(heavy), { kind: 'export', format: 'coco' }) },
    version: { name: 'seal', begin: async () => beginJob(gateway, await filled(), { kind: 'version', message: '' }) },
  };
}

async function filledSet(gateway: RunningGateway, source: SampleSource): Promise<Dataset> {
  const set = (await gateway.owner.call('createDataset', { body: { name: 'street' } })).body as Dataset;
  const store = await SampleStore.open(gateway.settings.samplesDir, { lowWaterBytes: 0 });
  try {
    for await (const { sha256, mime, bytes, width, height, name, annotations } of source.samples()) {
      await store.put(await source.read(sha256), { extension: 'jpg', owner: SITE_OWNER });
      const digest = Buffer.from(sha256, 'hex');
      await gateway.dataSource.query('INSERT INTO pictures (sha256, mime, bytes, width, height, created_at) VALUES ($1, $2, $3, $4, $5, now())', [digest, mime, bytes, width, height]);
      await gateway.dataSource.query(`INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, is_original, annotations, labels, added_at) VALUES ($1, $2, $3, 'Gate', false, $4, $5, '2026-05-01T10:00:00Z')`, [set.id, digest, name, JSON.stringify(annotations), annotations.map(({ label }) => label)]);
    }
  } finally {
    await store.close();
  }
  return set;
}

async function upload({ url, owner }: RunningGateway, content: Uint8Array<ArrayBuffer>): Promise<string> {
  const headers = { authorization: `Bearer ${owner.key}`, 'tus-resumable': '1.0.0' };
  const begun = await fetch(`${url}/api/v1/uploads`, { method: 'POST', headers: { ...headers, 'upload-length': String(content.byteLength), 'upload-metadata': `filename ${Buffer.from('street.zip').toString('base64')}` } });
  const address = begun.headers.get('location') as string;
  const sent = await fetch(new URL(address, url), { method: 'PATCH', headers: { ...headers, 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' }, body: content });
  if (sent.status !== 204) throw new Error(`the archive could not be uploaded: ${sent.status}`);
  return address.split('/').at(-1) as string;
}

async function beginJob(gateway: RunningGateway, set: Dataset, options: object): Promise<CrashedWork> {
  const { dataSource, owner, settings } = gateway;
  const answer = await owner.call('createDatasetJob', { params: { id: set.id }, body: options });
  if (answer.status !== 201) throw new Error(`the job was refused: ${JSON.stringify(answer.body)}`);
  const { id } = answer.body as DatasetJob;
  const job = async (): Promise<{ state: string; result: Record<string, unknown> }> => ((await dataSource.query('SELECT state, result FROM dataset_jobs WHERE id = $1', [id])) as { state: string; result: Record<string, unknown> }[])[0] ?? { state: 'gone', result: {} };
  const samples = () => dataSource.query(`SELECT encode(sha256, 'hex') AS sha256, name, annotations FROM dataset_samples WHERE dataset_id = $1 ORDER BY sha256`, [set.id]) as Promise<{ sha256: string; name: string; annotations: Annotation[] }[]>;
  // Labelling changes what is there: what the model was at counts.
  const isDone = (annotations: readonly Annotation[]): boolean => !('model' in options) || annotations.some(({ state }) => state === 'auto');
  return {
    halves: halvesIn(join(settings.exportsDir, 'datasets', id)),
    state: async () => (await job()).state,
    committed: async () => new Set((await samples()).filter(({ annotations }) => isDone(annotations)).map((row) => JSON.stringify(row))),
    async committedMs() {
      const [row] = (await dataSource.query('SELECT updated_at AS at FROM datasets WHERE id = $1 AND revision > 0', [set.id])) as { at: Date }[];
      return row?.at.getTime() ?? null;
    },
    async outcome() {
      const { result } = await job();
      const labelled = await samples();
      if (result['kind'] === 'export') return { ...(await exportedIn(join(settings.exportsDir, 'datasets', id), result)), labelled };
      if (result['kind'] === 'version') return { ...(await sealedIn(join(settings.samplesDir, 'versions'), result)), labelled };
      return { result, labelled };
    },
  };
}

/** Archives under way below a folder: behind what its journal names nothing is promised. */
function halvesIn(folder: string): NonNullable<CrashedWork['halves']> {
  const parts = () => (existsSync(folder) ? readdirSync(folder) : []).filter((name) => name.endsWith('.half')).map((name) => join(folder, name, 'archive.part')).filter((part) => existsSync(part)).map((part) => ({ part, bytes: statSync(part).size, end: journalledEnd(`${part}.entries`) }));
  return {
    unflushedBytes: () => Math.max(0, ...parts().map(({ bytes, end }) => bytes - end)),
    cut(random) {
      for (const { part, bytes, end } of parts()) if (bytes > end) truncateSync(part, end + Math.floor(random() * (bytes - end + 1)));
    },
  };
}

/** Where the last entry ends that a journal names whole. */
function journalledEnd(journal: string): number {
  const last = existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').slice(1, -1).at(-1) : undefined;
  if (last === undefined) return 0;
  const [path, offset, bytes, packedBytes, , isStream] = JSON.parse(last) as [string, number, number, number | null, number, 0 | 1];
  return offset + 30 + Buffer.byteLength(path) + (isStream ? 20 : 0) + (packedBytes ?? bytes);
}

/** Nothing but the one whole file. */
async function exportedIn(folder: string, result: Record<string, unknown>): Promise<object> {
  const files = readdirSync(folder);
  const path = join(folder, result['file'] as string);
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  if (files.length !== 1 || sha256 !== result['sha256']) throw new Error(`expected ${JSON.stringify(result)} alone, found ${files.join(', ')} with ${sha256}`);
  const tree = await openFileTree(path);
  const images = [];
  for await (const image of readCoco(tree)) images.push([image.name, createHash('sha256').update(await tree.read(image.path ?? '')).digest('hex'), image.annotations.map(({ id, box }) => [id, box])]);
  await tree.close();
  return { samples: result['samples'], annotations: result['annotations'], images, sha256 };
}

/** Nothing but the one whole package. */
async function sealedIn(folder: string, result: Record<string, unknown>): Promise<object> {
  const files = readdirSync(folder);
  const { ok, problems } = await verifyDataset(join(folder, `${String(result['digest'])}.imgdataset`));
  if (!ok || files.length !== 1) throw new Error(`expected one whole package, found ${files.join(', ')}: ${JSON.stringify(problems)}`);
  return { digest: result['digest'], counts: result['counts'] };
}
