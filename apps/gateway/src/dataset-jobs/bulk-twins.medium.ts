import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { api, HarvestRecipe, type Dataset, type DatasetJob, type DatasetVersion, type RouteSpec, type SavedHarvestRecipe } from '@argus/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { streetPictures } from '../../test/street-pictures.js';
import { whyNoWorker } from '../../test/running-worker.js';
import { drawn, SetBench } from '../../test/set-bench.js';

/** Real: the built command line and worker as processes, PostgreSQL, HTTP. What the dashboard does by a route, the command line does with the same result (S07). */
const CLI = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));
const FEATURES = fileURLToPath(new URL('../../../dashboard/src/features/', import.meta.url));
const problem = whyNoWorker() ?? (existsSync(CLI) ? null : 'apps/cli is not built; run tsc -b');
if (problem) console.warn(`skipped: ${problem}`);

type RouteName = keyof typeof api;

let bench: SetBench;
let folder: string;
let frames: readonly Buffer[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-twins-'));
  frames = streetPictures(6, 'fps=2,scale=320:-2');
  bench = await SetBench.open();
}, 60_000);
afterEach(async () => {
  await bench.clear();
  await bench.gateway.dataSource.query('TRUNCATE harvest_recipes, harvest_runs CASCADE');
});
afterAll(async () => {
  await bench?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function argus(...words: string[]): Promise<string> {
  const env = { PATH: process.env['PATH'], ARGUS_URL: bench.gateway.url, ARGUS_API_KEY: bench.gateway.owner.key as string };
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...words], { env, cwd: folder });
  return stdout;
}

const call = async <T>(route: RouteName, input: object): Promise<T> => {
  const answer = await bench.gateway.owner.call(route, input as never);
  expect([route, answer.status < 300, answer.body?.detail]).toEqual([route, true, undefined]);
  return answer.body as T;
};

/** Six pictures in two groups, some labelled; of a set that has a twin. */
async function fill(name: string): Promise<Dataset> {
  const set = await bench.create(name);
  for (const [index, frame] of frames.entries()) {
    const box = { ...drawn(index % 2 === 0 ? 'person' : 'car', 5 * index, 40, 20 + index, 50), id: `box-${index}` };
    await bench.put(set, frame, { group: index < 3 ? 'Gate' : 'Yard, north', annotations: index === 5 ? [] : [box] });
  }
  return set;
}

/** All that is known of a set's samples, but when it was written. */
const rowsOf = (set: Dataset) => bench.gateway.dataSource.query(`SELECT encode(sha256, 'hex') AS sha256, name, group_name, camera_id, split, complete, focus, annotations, labels, attributes, removed_at IS NULL AS present FROM dataset_samples WHERE dataset_id = $1 ORDER BY sha256`, [set.id]);
const digestsOf = async (set: Dataset, query: Record<string, string> = {}): Promise<string[]> => (await bench.samples(set, query)).map(({ sha256 }) => sha256);

interface Twin {
  readonly route: RouteName;
  readonly what: string;
  /** As the dashboard does it: the route with chosen samples. */
  readonly ask: (set: Dataset, other: Dataset) => Promise<unknown>;
  readonly words: (set: Dataset, other: Dataset) => readonly string[] | Promise<readonly string[]>;
}

const change = (what: string, set: object, words: readonly string[], query: Record<string, string>, which: readonly string[]): Twin => ({
  route: 'changeSamples',
  what,
  ask: async (one) => call('changeSamples', { params: { id: one.id }, body: { sha256s: await digestsOf(one, query), set } }),
  words: (one) => ['dataset', 'set', one.name, ...which, ...words],
});

const SAMPLES: readonly Twin[] = [
  change('split', { split: 'val' }, ['--split', 'val'], { label: 'person' }, ['--label', 'person']),
  change('no split', { split: null }, ['--split', 'none'], {}, ['--all']),
  change('complete', { complete: true }, ['--mark-complete'], { group: 'Gate' }, ['--group', 'Gate']),
  change('not complete', { complete: false }, ['--mark-incomplete'], {}, ['--all']),
  change('focus', { focus: true }, ['--focus'], { sort: 'largest-box', limit: '2' }, ['--sort', 'largest-box', '--first', '2']),
  change('no focus', { focus: false }, ['--no-focus'], {}, ['--all']),
  { route: 'removeSamples', what: 'take out', ask: async (set) => call('removeSamples', { params: { id: set.id }, body: { sha256s: await digestsOf(set, { label: 'car' }) } }), words: (set) => ['dataset', 'remove', set.name, '--label', 'car'] },
  {
    route: 'restoreSamples',
    what: 'take back in',
    ask: async (set) => call('restoreSamples', { params: { id: set.id }, body: { sha256s: await digestsOf(set, { removed: 'true' }) } }),
    words: (set) => ['dataset', 'put-back', set.name, '--all'],
  },
  {
    route: 'copySamples',
    what: 'copy',
    ask: async (set, other) => call('copySamples', { params: { id: other.id }, body: { from: set.id, sha256s: await digestsOf(set, { boxFrom: '22' }) } }),
    words: (set, other) => ['dataset', 'copy', set.name, other.name, '--box-from', '22'],
  },
  {
    route: 'copySamples',
    what: 'copy by digest',
    ask: async (set, other) => call('copySamples', { params: { id: other.id }, body: { from: set.id, sha256s: (await digestsOf(set)).slice(0, 2) } }),
    async words(set, other) {
      writeFileSync(join(folder, 'wanted.txt'), (await digestsOf(set)).slice(0, 2).join('\n'));
      return ['dataset', 'copy', set.name, other.name, '--samples', 'wanted.txt'];
    },
  },
];

/** Of the jobs that change a set; what others answer is compared as it is. */
const JOBS: readonly { readonly job: { readonly kind: string; readonly [key: string]: unknown }; readonly words: readonly string[] }[] = [
  { job: { kind: 'find-duplicates', how: 'near', remove: true }, words: ['find-duplicates', 'how=near', 'remove=true'] },
  { job: { kind: 'pick-diverse', count: 3, target: { kind: 'focus' } }, words: ['pick-diverse', 'count=3', 'target.kind=focus'] },
  { job: { kind: 'split', linked: false }, words: ['split', 'linked=false'] },
  { job: { kind: 'grade' }, words: ['grade'] },
  { job: { kind: 'auto-label', model: 'nanodet-g-416', minScore: 0.3 }, words: ['auto-label', 'model=nanodet-g-416', 'minScore=0.3'] },
  { job: { kind: 'version', message: 'same' }, words: ['version', 'message=same'] },
];

const RECIPE = (name: string): HarvestRecipe => HarvestRecipe.parse({ name, cameras: { include: [{ kind: 'keyword', pattern: 'gate' }] }, calendar: { dates: { kind: 'last', days: 3 } }, sampling: { kind: 'frames', every: 25 } });

/** Routes that are proved below by themselves. */
const OTHERS: readonly RouteName[] = ['createDataset', 'updateDataset', 'deleteDataset', 'createDatasetJob', 'changeDatasetVersion', 'deleteDatasetVersion', 'cancelDatasetJob', 'resumeDatasetJob', 'createHarvestRecipe', 'updateHarvestRecipe', 'deleteHarvestRecipe', 'startHarvestRun', 'cancelHarvestRun', 'resumeHarvestRun', 'previewHarvest'];

function routesOfDashboard(): RouteName[] {
  const files = ['datasets', 'harvest', 'labelling'].flatMap((feature) => readdirSync(join(FEATURES, feature), { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name) && !name.includes('.spec.')).map((name) => readFileSync(join(FEATURES, feature, name), 'utf8')));
  // A route that is called by a name in a variable is a string all the same.
  const named = files.join('\n').match(/'[a-z][A-Za-z]+'/g) ?? [];
  return [...new Set(named.map((text) => text.slice(1, -1)))].filter((name): name is RouteName => name in api && isChange(name as RouteName));
}

/** These only look, however much is sent to ask. */
const LOOKS: readonly RouteName[] = ['searchByPicture', 'followBoxes'];
/** Needs footage: proved in labelling.medium.ts. */
const ELSEWHERE: readonly RouteName[] = ['addFootagePictures'];
/** Drawn by hand, picture by picture. */
const ONE_BY_ONE: readonly RouteName[] = ['saveAnnotations'];

function isChange(name: RouteName): boolean {
  const { method }: RouteSpec = api[name];
  return method !== 'GET' && !LOOKS.includes(name);
}

describe.skipIf(problem)('what the dashboard does with many, the command line does too', () => {
  it('for every route that changes something', () => {
    const proved = new Set<RouteName>([...SAMPLES.map(({ route }) => route), ...OTHERS, ...ELSEWHERE, ...ONE_BY_ONE]);
    const routes = routesOfDashboard();
    expect(routes.length).toBeGreaterThan(15);
    expect(routes.filter((route) => !proved.has(route))).toEqual([]);
  });

  it('with samples', async () => {
    const [mine, theirs] = [{ set: await fill('mine'), other: await bench.create('into mine') }, { set: await fill('theirs'), other: await bench.create('into theirs') }];
    for (const { what, ask, words } of SAMPLES) {
      const before = await rowsOf(mine.set);
      await ask(mine.set, mine.other);
      await argus(...(await words(theirs.set, theirs.other)));
      const [left, right] = [[await rowsOf(mine.set), await rowsOf(mine.other)], [await rowsOf(theirs.set), await rowsOf(theirs.other)]];
      expect([what, right]).toEqual([what, left]);
      if (what === 'split' || what === 'focus' || what === 'take out') expect(left[0]).not.toEqual(before);
    }
  }, 60_000);

  it('with whole sets', async () => {
    await bench.worker();
    const [mine, theirs] = [await fill('mine'), await fill('theirs')];
    for (const { job, words } of JOBS) {
      const { result } = await bench.settled(await bench.begin(mine, job));
      const twin = JSON.parse(await argus('dataset', 'job', words[0] as string, theirs.name, ...words.slice(1), '--follow', '--json')) as DatasetJob;
      expect([job.kind, twin.result]).toEqual([job.kind, result]);
      expect([job.kind, await rowsOf(theirs)]).toEqual([job.kind, await rowsOf(mine)]);
    }
    // Sets that are made of them, whose names differ.
    for (const kind of ['redact', 'regroup'] as const) {
      const made = await bench.result(mine, { kind, name: `${kind} of mine` });
      await argus('dataset', 'job', kind, theirs.name, `name=${kind} of theirs`, '--follow');
      const twin = ((await call<{ items: Dataset[] }>('listDatasets', { query: {} })).items).find(({ name }) => name === `${kind} of theirs`) as Dataset;
      expect([kind, (await rowsOf(twin)).length > 0, await rowsOf(twin)]).toEqual([kind, true, await rowsOf({ ...mine, id: made.datasetId })]);
    }
    // Parts of chosen samples, beside the old ones.
    const wanted = await digestsOf(mine);
    const { made } = await bench.result(mine, { kind: 'transform', parts: wanted.map((sha256) => ({ sha256, area: { kind: 'turned', box: { x: 10, y: 20, width: 120, height: 90 }, degrees: 4 } })), ratio: 1 });
    const straightened = JSON.parse(await argus('dataset', 'transform', theirs.name, '--all', '--area', '10,20,120,90', '--turn', '4', '--ratio', '1:1', '--follow', '--json')) as DatasetJob;
    expect([made.length, straightened.result]).toEqual([wanted.length, expect.objectContaining({ made, datasetId: theirs.id })]);
    expect(await rowsOf(theirs)).toEqual(await rowsOf(mine));
    const exported = async (of: Dataset): Promise<string> => (await bench.result(of, { kind: 'export', format: 'coco', reviewedOnly: false })).sha256;
    await argus('dataset', 'export', theirs.name, '--format', 'folders', '--follow');
    expect(await exported(theirs)).toHaveLength(64);
    // Several at once: one job each.
    const all = JSON.parse(await argus('dataset', 'job', 'grade', 'mine', '--and', 'theirs', '--follow', '--json')) as DatasetJob[];
    expect(all.map(({ datasetId, state }) => [datasetId, state])).toEqual([[mine.id, 'done'], [theirs.id, 'done']]);
    expect(all[0]?.result).toEqual(all[1]?.result);
  }, 180_000);

  it('with versions', async () => {
    await bench.worker();
    const [mine, theirs] = [await fill('mine'), await fill('theirs')];
    const said = async ({ id }: Dataset) => (await call<DatasetVersion[]>('listDatasetVersions', { params: { id } })).map(({ digest, counts, isKept, isGone }) => ({ digest, counts, isKept, isGone }));
    const { digest } = await bench.result(mine, { kind: 'version', message: 'same' });
    await argus('dataset', 'version', 'theirs', '-m', 'same', '--follow');
    await call('changeDatasetVersion', { params: { id: mine.id, digest }, body: { isKept: true } });
    await argus('dataset', 'versions', 'theirs', '--keep', digest);
    expect([await said(theirs), (await said(mine))[0]?.isKept]).toEqual([await said(mine), true]);
    await call('changeDatasetVersion', { params: { id: mine.id, digest }, body: { isKept: false } });
    await argus('dataset', 'versions', 'theirs', '--release', digest);
    await call('deleteDatasetVersion', { params: { id: mine.id, digest } });
    await argus('dataset', 'versions', 'theirs', '--remove', digest);
    expect(await said(theirs)).toEqual(await said(mine));
  }, 120_000);

  it('with what is said of sets, and their jobs', async () => {
    const body = { name: 'Streets', note: 'n', licence: 'CC0-1.0', source: 's', retentionDays: 30, tags: ['a', 'b'], goal: { labels: ['person'], leastPixels: 20, leastShare: null, ratio: null, light: 'day' } };
    const said = ({ note, licence, source, retentionDays, tags, goal }: Dataset) => ({ note, licence, source, retentionDays, tags, goal });
    const mine = await call<Dataset>('createDataset', { body });
    const flags = ['--note', 'n', '--licence', 'CC0-1.0', '--source', 's', '--retention-days', '30', '--tag', 'a', '--tag', 'b', '--goal', JSON.stringify(body.goal)];
    const theirs = JSON.parse(await argus('dataset', 'create', 'Roads', ...flags, '--json')) as Dataset;
    expect(said(theirs)).toEqual(said(mine));
    await call('updateDataset', { params: { id: mine.id }, body: { ...body, name: 'Streets 2', licence: null, tags: [] } });
    expect(said(JSON.parse(await argus('dataset', 'edit', 'roads', '--name', 'Roads 2', '--licence', '', '--tag', '', '--json')) as Dataset)).toEqual({ ...said(mine), licence: null, tags: [] });
    const [first, second] = [await bench.begin(mine, { kind: 'split' }), await bench.begin(theirs, { kind: 'split' })];
    for (const [route, word] of [['cancelDatasetJob', 'cancel'], ['resumeDatasetJob', 'resume'], ['cancelDatasetJob', 'cancel']] as const) {
      const { state } = await call<DatasetJob>(route, { params: { id: first.id } });
      expect((JSON.parse(await argus('dataset', word, second.id, '--json')) as DatasetJob).state).toBe(state);
    }
    await call('deleteDataset', { params: { id: mine.id } });
    await argus('dataset', 'delete', 'Roads 2', '--yes');
    expect((await call<{ items: Dataset[] }>('listDatasets', { query: {} })).items).toEqual([]);
    await expect(argus('dataset', 'delete', 'Roads 2')).rejects.toThrow(/expected --yes/);
  }, 60_000);

  it('with recipes and runs', async () => {
    const recipes = async (): Promise<SavedHarvestRecipe[]> => (await call<{ items: SavedHarvestRecipe[] }>('listHarvestRecipes', { query: {} })).items;
    const file = (recipe: HarvestRecipe): string => {
      writeFileSync(join(folder, 'recipe.json'), JSON.stringify(recipe));
      return 'recipe.json';
    };
    const said = ({ name: _name, id: _id, createdAt: _made, updatedAt: _changed, createdBy: _by, ...rest }: SavedHarvestRecipe) => rest;
    const mine = await call<SavedHarvestRecipe>('createHarvestRecipe', { body: RECIPE('mine') });
    const theirs = JSON.parse(await argus('harvest', 'create', file(RECIPE('theirs')), '--json')) as SavedHarvestRecipe;
    expect(said(theirs)).toEqual(said(mine));
    expect(JSON.parse(await argus('harvest', 'preview', file(RECIPE('any')), '--json'))).toEqual(await call('previewHarvest', { body: RECIPE('any') }));
    const changed = (name: string): HarvestRecipe => ({ ...RECIPE(name), sampling: { kind: 'seconds', every: 5 } });
    const after = await call<SavedHarvestRecipe>('updateHarvestRecipe', { params: { id: mine.id }, body: changed('mine') });
    expect(said(JSON.parse(await argus('harvest', 'edit', 'theirs', file(changed('theirs')), '--json')) as SavedHarvestRecipe)).toEqual(said(after));
    const run = await call<{ id: string; state: string; segments: object }>('startHarvestRun', { params: { id: mine.id } });
    const twin = JSON.parse(await argus('harvest', 'run', 'theirs', '--json')) as typeof run;
    expect([twin.state, twin.segments]).toEqual([run.state, run.segments]);
    for (const [route, word] of [['cancelHarvestRun', 'cancel'], ['resumeHarvestRun', 'resume'], ['cancelHarvestRun', 'cancel']] as const) {
      const { state } = await call<{ state: string }>(route, { params: { id: run.id } });
      expect((JSON.parse(await argus('harvest', word, 'theirs', '--json')) as { state: string }).state).toBe(state);
    }
    await call('deleteHarvestRecipe', { params: { id: mine.id } });
    await argus('harvest', 'delete', 'theirs');
    expect(await recipes()).toEqual([]);
  }, 60_000);
});
