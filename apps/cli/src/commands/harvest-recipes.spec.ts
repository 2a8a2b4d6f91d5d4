import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HarvestRecipe, type HarvestRun } from '@argus/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../run-command-line.js';

/** Real: HTTP and files; the gateway behind it answers what it is told to. */
const [RECIPE_ID, RUN_ID, SET_ID] = ['01890a5d-ac96-774b-bcce-b302099a8051', '01890a5d-ac96-774b-bcce-b302099a8052', '01890a5d-ac96-774b-bcce-b302099a8053'];
const AT = '2026-11-20T08:00:00.000Z';
const recipe = HarvestRecipe.parse({ name: 'Streets', cameras: { include: [{ kind: 'keyword', pattern: '街道' }] }, calendar: { dates: { kind: 'last', days: 30 }, windows: [{ from: '19:00', to: '21:00' }] }, sampling: { kind: 'frames', every: 25 } });
const saved = { ...recipe, id: RECIPE_ID, createdAt: AT, updatedAt: AT, createdBy: 'ada', nextRunAt: null };
const run = (parts: Partial<HarvestRun> = {}) => ({
  id: RUN_ID, recipeId: RECIPE_ID, recipe, state: 'done', createdAt: AT, createdBy: 'ada', startedAt: AT, endedAt: AT, datasetId: SET_ID, segments: { total: 4, done: 4, failed: 0, rejected: 0, underWay: 0 }, samples: { added: 16, known: 1, near: 2 }, bytes: 2_000_000, secondsLeft: null, problem: null, troubles: [], ...parts,
});
const preview = { cameras: 2, cameraNames: ['东街道', '西街道'], segments: 4, footageSeconds: 7200, footageBytes: 3e9, frames: 7204, bytes: 1.5e9, minutes: 12, videos: null };
const set = { id: SET_ID, name: 'Evening', note: '', licence: null, source: '', retentionDays: null, tags: [], goal: null, createdAt: AT, updatedAt: AT, counts: { samples: 0, bytes: 0, annotations: 0, labels: {}, groups: 0, complete: 0 }, unreviewed: 0, head: null, isChanged: false, cameraIds: [], recipeId: null };

let server: Server | undefined;
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'argus-harvest-'))));
afterEach(() => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** `runs`: what the run is each time it is asked for; the last stays. */
async function argus(words: readonly string[], runs: readonly object[] = [run()], recipes: readonly object[] = [saved], counted: object = preview) {
  const calls: [string, unknown][] = [];
  let asked = 0;
  server?.close();
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const path = (request.url ?? '').replace('/api/v1', '').replace(/\?.*/, '');
      if (request.method === 'POST') calls.push([path, text ? JSON.parse(text) : null]);
      const now = () => runs[Math.min(asked++, runs.length - 1)];
      const page = (items: readonly unknown[]) => ({ items, nextCursor: null });
      const answers: Readonly<Record<string, () => unknown>> = {
        'GET /harvest-recipes': () => page(recipes),
        'POST /harvest-recipes': () => ({ ...saved, ...(text ? JSON.parse(text) : {}) }),
        'POST /harvest-previews': () => counted,
        'GET /harvest-runs': () => page(runs.slice(0, 1)),
        'GET /datasets': () => page([set]),
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify((answers[`${request.method} ${path}`] ?? now)()));
    });
  });
  await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
  const [out, err]: [string[], string[]] = [[], []];
  const env = { ARGUS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ARGUS_API_KEY: 'key' };
  const code = await runCommandLine(['harvest', ...words], { env, cwd: folder, out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n'), calls };
}

const WISH = ['--name', 'Streets', '--match', '街道', '--window', '19:00-21:00', '--last-days', '30', '--every', '25'];

describe('argus harvest create', () => {
  it('saves what flags wish, into a set that is named', async () => {
    const { code, calls, out } = await argus(['create', ...WISH]);
    expect([code, calls]).toEqual([0, [['/harvest-recipes', recipe]]]);
    expect(out).toContain('街道; 19:00-21:00; last 30 days; 1 in 25 pictures');
    expect((await argus(['create', ...WISH, '--dataset', 'EVENING'])).calls).toEqual([['/harvest-recipes', { ...recipe, datasetId: SET_ID }]]);
    const unknown = await argus(['create', ...WISH, '--dataset', 'Morning']);
    expect([unknown.code, unknown.calls]).toEqual([1, []]);
    expect(unknown.err).toContain('no sample set is named "Morning"');
  });

  it('saves what a file holds, also what show printed', async () => {
    const shown = await argus(['show', 'streets', '--json']);
    writeFileSync(join(folder, 'recipe.json'), shown.out);
    const { code, calls, out } = await argus(['create', '--json', 'recipe.json']);
    expect([code, calls]).toEqual([0, [['/harvest-recipes', recipe]]]);
    expect(JSON.parse(out)).toMatchObject({ id: RECIPE_ID, name: 'Streets' });
    writeFileSync(join(folder, 'recipe.json'), JSON.stringify({ ...recipe, sampling: { kind: 'frames', every: 0 } }));
    const bad = await argus(['create', 'recipe.json']);
    expect([bad.code, bad.calls]).toEqual([1, []]);
    expect(bad.err).toContain('sampling.every: ');
    writeFileSync(join(folder, 'recipe.json'), '{');
    expect((await argus(['create', 'recipe.json'])).err).toContain('expected JSON');
    expect((await argus(['create', 'none.json'])).err).toContain('expected a file with a recipe');
  });

  it.each([
    [['create'], '--name: expected a name'],
    [['create', ...WISH, '--motion', '2'], 'expected one of --every'],
    [['create', 'a.json', '--name', 'x'], 'expected either a file or flags, got "a.json" and --name'],
    [['create', 'a.json', 'b.json'], 'unexpected "b.json"'],
    [['run'], 'expected the name or id of a recipe'],
    [['preview', '--recipe', 'x', '--every', '2'], '--recipe stands alone'],
  ])('refuses %j before anything is sent', async (words, message) => {
    const { code, err, calls } = await argus(words);
    expect([code, calls]).toEqual([2, []]);
    expect(err).toContain(message);
  });
});

describe('argus harvest preview', () => {
  it('counts what flags wish, without a name, or what a saved recipe takes', async () => {
    const { code, calls, out } = await argus(['preview', ...WISH.slice(2)]);
    expect([code, calls]).toEqual([0, [['/harvest-previews', { ...recipe, name: 'preview' }]]]);
    expect(out).toContain('2: 东街道, 西街道');
    expect(out).toContain('2.00 h in 4 files, 3.00 GB');
    expect(out).toContain('at most 7204, about 1.50 GB');
    const named = await argus(['preview', '--recipe', 'STREETS', '--json']);
    expect(named.calls).toMatchObject([['/harvest-previews', recipe]]);
    expect(JSON.parse(named.out)).toEqual(preview);
  });

  it('names videos that cannot be read, and gives no order to the terminal', async () => {
    const troubles = [{ video: 'a\u001b[2J\u202e.mp4', problem: 'it is no video' }, { video: '街道.mp4', problem: 'damaged' }];
    const { out } = await argus(['preview', '--recipe', 'Streets'], [run()], [saved], { ...preview, cameras: 0, cameraNames: [], videos: { files: 20, groups: 1, groupNames: ['a'], measured: 20, tooSmall: 0, unreadable: 12, troubles } });
    expect(out).toContain('12 of these cannot be read as videos:\n  a\\u{1b}[2J\\u{202e}.mp4: it is no video\n  街道.mp4: damaged\n  and 10 more');
  });
});

describe('argus harvest run', () => {
  it('begins a run, and says how far it is', async () => {
    const [waiting, working] = [run({ state: 'queued', segments: { total: 0, done: 0, failed: 0, rejected: 0, underWay: 0 } }), run({ state: 'running', segments: { total: 4, done: 1, failed: 0, rejected: 0, underWay: 0 }, samples: { added: 4, known: 0, near: 0 }, secondsLeft: 30 })];
    const { code, calls, out, err } = await argus(['run', 'Streets', '--follow'], [waiting, waiting, working, run()]);
    expect([code, calls]).toEqual([0, [[`/harvest-recipes/${RECIPE_ID}/runs`, null]]]);
    expect(err).toBe('Waits for a worker …\n1 of 4 files, 4 pictures, 0:00:30 left');
    expect(out).toBe(`Run ${RUN_ID} is done: 16 pictures (2.0 MB) of 4 files. Left out: 1 that were there already, 2 nearly the same.\nSet: ${SET_ID}`);
    const left = await argus(['run', RECIPE_ID], [waiting]);
    expect([left.code, left.out]).toEqual([0, expect.stringContaining('waits for a worker')]);
  });

  it('fails when the run did, with the reasons', async () => {
    const failed = run({ state: 'failed', problem: 'the disk is full', segments: { total: 4, done: 3, failed: 1, rejected: 0, underWay: 0 }, troubles: [{ video: 'v1', problem: 'no footage' }] });
    const { code, out } = await argus(['run', 'Streets', '--follow'], [failed]);
    expect(code).toBe(1);
    expect(out).toContain('Why: the disk is full');
    expect(out).toContain('v1: no footage');
    const json = await argus(['run', 'Streets', '--follow', '--json'], [failed]);
    expect([json.code, JSON.parse(json.out)]).toMatchObject([1, { state: 'failed' }]);
  });

  it('knows no recipe that is none', async () => {
    const { code, err } = await argus(['run', 'Street']);
    expect([code, err]).toEqual([1, expect.stringContaining('no recipe has the name or id "Street"; "argus harvest list" shows all 1')]);
  });
});

describe('argus harvest cancel and resume', () => {
  it.each([
    ['cancel', 'cancellation', 'is stopped'],
    ['resume', 'resumption', 'goes on'],
  ])('%s the last run of a recipe, or one by its id', async (action, path, words) => {
    for (const wanted of ['Streets', RECIPE_ID, RUN_ID]) {
      const { code, calls, out } = await argus([action, wanted]);
      expect([code, calls]).toEqual([0, [[`/harvest-runs/${RUN_ID}/${path}`, null]]]);
      expect(out).toContain(words);
    }
    expect((await argus([action, 'Streets'], [])).err).toContain('never ran');
  });
});

describe('argus harvest list and show', () => {
  it('say what there is', async () => {
    const { out } = await argus(['list'], [], [{ ...saved, nextRunAt: '2026-11-21T02:00:00.000Z', datasetId: SET_ID }]);
    expect(out).toMatch(/Streets +街道; 19:00-21:00; last 30 days; 1 in 25 pictures +2026-11-21T02:00:00.000Z +Evening/);
    expect((await argus(['list'], [], [])).out).toContain('No recipes yet');
    expect(JSON.parse((await argus(['list', '--json'])).out)).toEqual([saved]);
    const shown = await argus(['show', 'Streets']);
    expect(shown.out).toContain('Next run: by hand. Set: the first run makes it.');
    expect(shown.out).toMatch(new RegExp(`${RUN_ID} +${AT} +done +4/4 +16 +1 +2`));
  });
});
