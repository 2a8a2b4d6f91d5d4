import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Annotation, Camera, Dataset, RecordingSegment, SampleSummary } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { sampleEvent } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSegment } from '../test/footage-files.js';
import { connectEngine, runGateway, type RunningGateway } from '../test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../test/running-worker.js';

/** Real: every program of `examples/`, run as a person runs it, against a gateway with PostgreSQL, a worker, footage that ffmpeg made. The engine is a small client of its protocol. */
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const problem = whyNoWorker() ?? (existsSync(join(ROOT, 'apps/cli/dist/main.js')) ? null : 'apps/cli is not built; run tsc -b');
if (problem) console.warn(`skipped: ${problem}`);

/** 19:00 in Shanghai. */
const SEVEN = Date.parse('2026-11-02T11:00:00.000Z');
const FILES = readdirSync(join(ROOT, 'examples')).filter((name) => /\.(ts|sh)$/.test(name)).sort();
let gateway: RunningGateway;
let engine: Awaited<ReturnType<typeof connectEngine>>;
let worker: ChildProcess;
let folder: string;
let gate: Camera;
let reader: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-examples-'));
  gateway = await runGateway();
  engine = await connectEngine(gateway);
  gate = await addCamera('街道 Gate');
  const market = await addCamera('街道 Market');
  await record(gate, 1, SEVEN, SEVEN + 10_000);
  await record(market, 20, SEVEN + 20_000);
  await happen(0);
  if (!problem) worker = await startWorker(gateway);
  reader = await makeReader();
}, 120_000);
afterAll(async () => {
  if (worker) await endWorker(worker, 'SIGTERM');
  engine?.close();
  if (reader) {
    const role = new URL(reader).username;
    await gateway.dataSource.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const addCamera = async (name: string): Promise<Camera> =>
  (await gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false, timeZone: 'Asia/Shanghai', recording: { keepDays: 3650 } as Camera['recording'] } })).body as Camera;

async function record({ id: cameraId }: Camera, from: number, ...startsMs: number[]): Promise<void> {
  const segments: RecordingSegment[] = startsMs.map((startMs, at) => makeSegment(gateway.settings.recordingsDir, { cameraId, startMs, from: from + at * 4 }));
  await engine.record(...segments);
}

/** An event at the gate, two seconds into its footage. */
async function happen(secondsLater: number): Promise<void> {
  const [entry, startedAt] = [newId(), new Date(SEVEN + 2000 + secondsLater * 1000).toISOString()];
  engine.send({ type: 'event', entry, bootId: newId(), event: sampleEvent({ cameraId: gate.id, cameraName: gate.name, startedAt }) });
  await engine.taken(entry);
}

/** A login of a business application, as docs/guide/sql.md makes one. */
async function makeReader(): Promise<string> {
  const role = `example_${newId().replaceAll('-', '')}`;
  await gateway.dataSource.query(`CREATE ROLE ${role} LOGIN PASSWORD 'reports'; GRANT argus_reader TO ${role}`);
  return Object.assign(new URL(gateway.settings.databaseUrl), { username: role, password: 'reports' }).toString();
}

interface Ran {
  readonly code: number | null;
  readonly out: string;
}

/** As its head says, from the root of the checkout. */
function run(file: string, args: readonly string[] = [], onLine: (line: string) => void = () => undefined): Promise<Ran> {
  // npm does not ask for news of itself where there is no network.
  const env = { ...process.env, npm_config_update_notifier: 'false', npm_config_offline: 'true', PATH: [dirname(process.execPath), process.env['PATH']].join(delimiter), ARGUS_URL: gateway.url, ARGUS_API_KEY: gateway.owner.key as string, DATABASE_URL: reader, NODE_OPTIONS: '' };
  const child = spawn(file.endsWith('.sh') ? 'sh' : process.execPath, [`examples/${file}`, ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    chunk.toString().split('\n').filter(Boolean).forEach(onLine);
  });
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out: code === 0 ? out : `${out}${err}` })));
}

const sets = async (): Promise<Dataset[]> => (await gateway.owner.call('listDatasets', { query: { limit: '500' } })).body.items as Dataset[];
const streets = async (): Promise<Dataset> => (await sets()).find(({ name }) => name === 'Streets') as Dataset;

/** A person labels one more picture of the set. */
async function label(at: number): Promise<void> {
  const { id } = await streets();
  const samples = (await gateway.owner.call('listSamples', { params: { id }, query: { limit: '500' } })).body.items as SampleSummary[];
  const box: Annotation = { id: `box-${at}`, kind: 'box', label: '人 & <dog>', box: { x: 10.5, y: 20, width: 16, height: 25 * (at + 1) }, points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'edited', attributes: {} };
  expect((await gateway.owner.call('saveAnnotations', { params: { id, sha256: samples[at]?.sha256 as string }, body: { annotations: [box] } })).status).toBe(200);
}

/** What each prints, in the order in which they need each other. */
const CASES: Readonly<Record<string, () => Promise<void>>> = {
  'harvest-by-api.ts': async () => {
    const { code, out } = await run('harvest-by-api.ts', ['街道', '19:00', '21:00', '--name', 'Streets', '--seconds', '1']);
    expect([code, out]).toEqual([0, expect.stringMatching(/^2 cameras \(街道 Gate, 街道 Market\), 12 s of footage, \d+ pictures at most\n\d+ pictures are in the set "Streets"/)]);
    expect((await streets()).counts.samples).toBeGreaterThan(3);
  },
  'harvest-by-cli.sh': async () => {
    const { code, out } = await run('harvest-by-cli.sh', ['街道', 'By camera']);
    expect([code, out]).toEqual([0, expect.stringContaining('By camera · 街道 Gate')]);
    expect((await sets()).filter(({ tags }) => tags.includes('By camera')).map(({ name }) => name).sort()).toEqual(['By camera · 街道 Gate', 'By camera · 街道 Market']);
  },
  'compare-versions.ts': async () => {
    expect(await run('compare-versions.ts', ['Streets'])).toEqual({ code: 0, out: expect.stringContaining('there is only one version') });
    await label(0);
    await label(1);
    const { code, out } = await run('compare-versions.ts', ['Streets']);
    expect([code, out]).toEqual([0, expect.stringMatching(/: 0 added, 2 changed, 0 removed\n {2}人 & <dog>: 0 -> 2\n$/)]);
  },
  'box-sizes.ts': async () => {
    // 16 x 25 and 16 x 50: roots of 20 and 28 pixels.
    const { code, out } = await run('box-sizes.ts', ['Streets']);
    expect([code, out]).toEqual([0, expect.stringMatching(/^ +16-32 +px #{40} 2\n2 boxes in \d+ pictures\n$/)]);
    expect((await run('box-sizes.ts', ['Nobody'])).out).toContain('expected the name of a sample set, got "Nobody"');
  },
  'draw-boxes.ts': async () => {
    const file = join(folder, 'streets.imgdataset');
    await new Promise((done) => spawn(process.execPath, [join(ROOT, 'apps/cli/dist/main.js'), 'dataset', 'export', 'Streets', '--format', 'imgdataset', '--out', file], { env: { ...process.env, ARGUS_URL: gateway.url, ARGUS_API_KEY: gateway.owner.key as string } }).once('close', done));
    const { code, out } = await run('draw-boxes.ts', [file, join(folder, 'drawn')]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^"Streets": \d+ pictures with 2 boxes drawn into .*; labels: 人 & <dog>\n$/)]);
    const drawn = readdirSync(join(folder, 'drawn')).map((name) => readFileSync(join(folder, 'drawn', name), 'utf8'));
    expect(drawn).toHaveLength((await streets()).counts.samples);
    expect(drawn.filter((text) => text.includes('<rect x="10.5" y="20" width="16"') && text.includes('人 &#38; &#60;dog&#62;') && text.includes('data:image/jpeg;base64,/9j/'))).toHaveLength(2);
  },
  'import-folders.sh': async () => {
    const [picture] = (await gateway.owner.call('listSamples', { params: { id: (await streets()).id } })).body.items as SampleSummary[];
    const { content } = await fetch(`${gateway.url}/api/v1/datasets/${(await streets()).id}/samples/${picture?.sha256 ?? ''}/picture`, { headers: { authorization: `Bearer ${gateway.owner.key as string}` } }).then(async (answer) => ({ content: Buffer.from(await answer.arrayBuffer()) }));
    for (const [at, name] of ['lying', 'upright'].entries()) {
      mkdirSync(join(folder, 'tree', name), { recursive: true });
      // What stands behind a JPEG's end is not looked at.
      writeFileSync(join(folder, 'tree', name, '1.jpg'), Buffer.concat([content, Buffer.from([at])]));
    }
    const { code, out } = await run('import-folders.sh', [join(folder, 'tree')]);
    expect([code, out]).toEqual([0, expect.stringContaining('added: 2')]);
    expect((await sets()).filter(({ name }) => ['lying', 'upright'].includes(name)).map(({ counts }) => counts.samples)).toEqual([1, 1]);
  },
  'find-near-duplicates.ts': async () => {
    const [into, from] = [await streets(), (await sets()).find(({ name }) => name === 'lying') as Dataset];
    const [twin] = (await gateway.owner.call('listSamples', { params: { id: from.id } })).body.items as SampleSummary[];
    // The same picture in another file.
    expect((await gateway.owner.call('copySamples', { params: { id: into.id }, body: { from: from.id, sha256s: [twin?.sha256] } })).body).toMatchObject({ changed: 1 });
    const { code, out } = await run('find-near-duplicates.ts', ['Streets', '--bits', '2']);
    expect([code, out]).toEqual([0, expect.stringMatching(/^(keep [0-9a-f]{12}, like it:( [0-9a-f]{12})+\n)+\d+ near duplicates in \d+ groups of \d+ pictures; 0 were taken out\n$/)]);
    expect(out).toContain(twin?.sha256.slice(0, 12));
  },
  'footage-around-event.ts': async () => {
    const file = join(folder, 'event.mp4');
    const { code, out } = await run('footage-around-event.ts', ['--before', '1', '--after', '1', '--out', file]);
    expect([code, out]).toEqual([0, expect.stringMatching(/^person at 街道 Gate, 2026-11-02T11:00:02\.000Z: \d+ bytes in .*, 0 gaps\n$/)]);
    expect(readFileSync(file).subarray(4, 8).toString()).toBe('ftyp');
  },
  'events-per-hour.ts': async () => {
    const { code, out } = await run('events-per-hour.ts', ['--days', '36500', '--label', 'person']);
    expect([code, out]).toEqual([0, '2026-11-02 19:00  街道 Gate  1\n1 events in 36500 days\n']);
  },
  'follow-events.ts': async () => {
    const { code, out } = await run('follow-events.ts', ['--count', '1'], (line) => line === 'connected' && void happen(3600));
    expect([code, out]).toEqual([0, 'connected\n2026-11-02T12:00:02.000Z confirmed person at 街道 Gate (Somebody in the yard)\n']);
  },
  'receive-webhook.ts': async () => {
    const { code, out } = await run('receive-webhook.ts');
    expect([code, out]).toEqual([0, expect.stringMatching(/verified [0-9a-f-]{36}: .+/)]);
    expect(out).toContain('test delivery: delivered');
    expect(out).toContain('without a signature: 401');
    expect((await gateway.owner.call('listWebhooks')).body.items).toEqual([]);
  },
};

describe.skipIf(problem)('every example', () => {
  it('is run here', () => expect(Object.keys(CASES).sort()).toEqual(FILES));

  it.each(Object.entries(CASES))('%s does what it says', async (_file, check) => check(), 60_000);
});
