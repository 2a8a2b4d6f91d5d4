import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../run-command-line.js';

/** Real: HTTP; the gateway behind it answers what it is told to. */
const AT = '2026-01-01T00:00:00.000Z';
const SET = '01890a5d-ac96-774b-bcce-b302099a8057';
const OTHER = '01890a5d-ac96-774b-bcce-b302099a8058';
const JOB = '01890a5d-ac96-774b-bcce-b302099a8059';
const COUNTS = { samples: 3, bytes: 1_500_000, annotations: 4, labels: { person: 4 }, groups: 1, complete: 2 };
const set = (id: string, name: string) => ({ id, name, note: '', licence: null, source: '', retentionDays: null, tags: [], goal: null, createdAt: AT, updatedAt: AT, counts: COUNTS, unreviewed: 0, head: null, isChanged: true, cameraIds: [], recipeId: null });
const STATISTICS = { labels: [{ label: 'person', annotations: 4, samples: 2 }], groups: [{ name: '东门', samples: 3, annotations: 4 }], splits: { train: 1, val: 0, test: 0, none: 2 }, hours: [], sharpness: [], brightness: [], boxSizes: [], truncated: { annotations: 0, samples: 0 } };
const RESULT = { kind: 'find-duplicates', groups: 4, duplicates: 5, removed: 0, list: Array.from({ length: 4 }, () => ({ kept: 'a'.repeat(64), others: ['b'.repeat(64)] })), troubles: [] };

const version = (digest: string, more: object) => ({ digest, parents: [], createdAt: AT, createdBy: 'me', message: '', counts: COUNTS, isKept: false, isGone: false, ...more });
const VERSIONS = [version(`aaaab${'c'.repeat(59)}`, { parents: ['a'.repeat(64)], message: '第二', isKept: true }), version('a'.repeat(64), { isGone: true })];

const TIME = {
  isMeasured: true, from: '2026-11-02', to: '2026-11-05', machine: [{ kind: 'auto-label', seconds: 75, runs: 2 }], rates: { secondsPerPicture: 4, secondsPerBox: 7, isMeasured: false },
  activities: [{ activity: 'choosing', seconds: 4800, pictures: 0, boxes: 0 }, { activity: 'labelling', seconds: 1200, pictures: 100, boxes: 160 }],
};

let server: Server | undefined;
afterEach(() => {
  server?.close();
  server = undefined;
});

/** A job is begun, then half done, then as `end` says. */
async function run(words: readonly string[], end: object = { state: 'done', result: RESULT, progress: { done: 3, total: 3, secondsLeft: null } }) {
  const asked: { readonly what: string; readonly body: unknown }[] = [];
  const job = { id: JOB, datasetId: SET, options: { kind: 'find-duplicates', how: 'near', bits: 8, epsilon: 0.01, remove: false }, state: 'queued', progress: { done: 0, total: 0, secondsLeft: null }, result: null, problem: null, createdBy: 'cli', createdAt: AT, startedAt: null, endedAt: null };
  const states = [{ ...job, state: 'running', progress: { done: 1, total: 3, secondsLeft: 62 } }, { ...job, ...end }];
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      const url = (request.url ?? '').split('?')[0] as string;
      if (request.method === 'POST') asked.push({ what: url.replace('/api/v1', ''), body: text === '' ? null : JSON.parse(text) });
      const answer = url.endsWith('/statistics') ? STATISTICS
        : url.endsWith('/datasets') ? { items: [set(SET, 'Street 街道'), set(OTHER, 'Chosen')], nextCursor: null }
        : url.endsWith(`/datasets/${SET}/jobs`) && request.method === 'GET' ? { items: [states[0]], nextCursor: null }
        : url.endsWith(`/dataset-jobs/${JOB}`) ? (states.length > 1 ? states.shift() : states[0])
        : url.endsWith('/time') ? TIME
        : url.endsWith('/versions') ? VERSIONS
        : url.endsWith('/origins') ? [{ kind: 'copy', direction: 'from', name: 'Other', datasetId: OTHER, recipeId: null, times: 2, samples: 3, at: AT }]
        : url.endsWith('/sample-storage') ? { pictures: 3, bytes: 2e9, unusedPictures: 1, unusedBytes: 1e9, collected: { pictures: 7, bytes: 5e8 }, last: { at: AT, samples: 0, versions: 0, pictures: 7, bytes: 5e8, problem: null } }
        : url.endsWith('/cancellation') ? { ...job, state: 'cancelled' }
        : job;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  await new Promise<void>((ready) => server?.listen(0, '127.0.0.1', ready));
  const [out, err]: [string[], string[]] = [[], []];
  const env = { ARGUS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, ARGUS_API_KEY: 'key' };
  const code = await runCommandLine(['dataset', ...words], { env, cwd: '/', out: (line) => out.push(line), err: (line) => err.push(line) });
  return { code, out: out.join('\n'), err: err.join('\n'), asked };
}

describe('argus dataset', () => {
  it.each([
    [[], 'expected one of these after "dataset", got nothing'],
    [['show'], 'expected the name or id of a sample set'],
    [['show', 'a', 'b'], 'unexpected "b"'],
    [['search'], 'expected the name or id of a sample set'],
    [['search', 'Chosen'], 'expected one of --text, --like or --picture, got none'],
    [['search', 'Chosen', '--text', 'red', '--like', 'a'.repeat(64)], 'expected one of --text, --like or --picture, got --text and --like'],
    [['search', 'Chosen', '--picture', '/nowhere.jpg'], '--picture: expected a file that can be read: '],
    [['search', 'Chosen', '--text', 'red', '--limit', '0'], '--limit: expected a whole number from 1 to 1000, got "0"'],
    [['job'], 'expected a kind of job (embed, pick-diverse, find-duplicates, split, grade, auto-label, regroup, redact, transform, export, import, version, restore-version, compare-versions)'],
    [['job', 'embed'], 'expected the name or id of a sample set'],
    [['job', 'tidy', 'Chosen'], 'expected a kind of job (embed, pick-diverse, find-duplicates, split, grade, auto-label, regroup, redact, transform, export, import, version, restore-version, compare-versions), got "tidy"'],
    [['job', 'pick-diverse', 'Chosen'], 'count: '],
    [['job', 'pick-diverse', 'Chosen', 'count'], 'expected KEY=VALUE, e.g. count=100 or target.kind=focus, got "count"'],
    [['job', 'pick-diverse', 'Chosen', 'count=3', 'count.x=3'], 'count has a value of its own already'],
    [['job', 'redact', 'Chosen', 'name=x', 'heads=false'], 'labels: expected heads or a label that is to be covered'],
    [['transform', 'Chosen', '--all'], 'expected what is wanted of the pictures: --corners, --area or --turn'],
    [['transform', 'Chosen', '--all', '--corners', '1,2 3,4'], '--corners: expected four corners such as "141,131 480,159 493,630 64,601", got "1,2 3,4"'],
    [['transform', 'Chosen', '--all', '--turn', '3', '--corners', '0,0 1,0 1,1 0,1'], 'expected either --corners or an --area and a --turn, got both'],
    [['transform', 'Chosen', '--all', '--turn', '200'], '--turn: expected a number from -180 to 180, got "200"'],
    [['transform', 'Chosen', '--all', '--turn', '3', '--ratio', '1:3', '--size', '100x300'], 'ratio: expected a size or a ratio, got both'],
    [['transform', 'Chosen', '--all', '--turn', '3', '--size', 'large'], '--size: expected WIDTHxHEIGHT such as 300x400, got "large"'],
    [['transform', 'Chosen', '--turn', '3'], 'expected which samples: '],
    [['export', 'Chosen'], 'expected --format'],
    [['export', 'Chosen', '--format', 'tfrecord'], 'format: '],
    [['import', 'Chosen'], 'expected the name or id of a sample set and a file'],
    [['cancel', 'x'], 'expected the id of a job'],
    [['restore', 'Chosen'], 'the digest of a version'],
    [['restore', 'Chosen', 'xyz'], 'expected the digest of a version, or its first four signs or more'],
    [['versions', 'Chosen', '--keep', 'abcd', '--remove', 'abcd'], 'expected one of --keep, --release and --remove'],
    [['versions', 'Chosen', '--remove', 'aaaa'], 'several versions begin with "aaaa"'],
  ])('refuses %j with what was expected', async (words, message) => {
    const { code, err, asked } = await run(words);
    expect([code, asked]).toEqual([2, []]);
    expect(err).toContain(message);
  });

  it('says that a file is not there, before anything is asked', async () => {
    expect(await run(['import', 'Chosen', '/no/such/file.zip'])).toMatchObject({ code: 1, err: expect.stringContaining('/no/such/file.zip: there is no such file'), asked: [] });
  });

  it('shows versions, and takes the beginning of a digest', async () => {
    const { out } = await run(['versions', 'Chosen']);
    expect(out.split('\n')).toMatchObject([expect.stringContaining('DIGEST'), expect.stringMatching(/^aaaabccccccc .* aaaaaaaaaaaa +kept +第二/), expect.stringMatching(/^aaaaaaaaaaaa .* removed/)]);
    const { asked } = await run(['restore', 'Chosen', 'aaaab']);
    expect(asked).toEqual([{ what: `/datasets/${OTHER}/jobs`, body: { kind: 'restore-version', digest: `aaaab${'c'.repeat(59)}` } }]);
  });

  it('says what pictures take', async () => {
    expect((await run(['storage'])).out).toBe(`3 pictures (2.00 GB), of which no set uses 1 (1.00 GB)\nfreed so far: 7 pictures and thumbnails (0.50 GB)\nlast looked at ${AT}`);
  });

  it('says where time went', async () => {
    expect((await run(['time', 'Street 街道'])).out.split('\n')).toEqual([
      '1:40:00 of people, 2026-11-02 to 2026-11-05',
      'ACTIVITY   TIME     SHARE  PICTURES  EACH    BOXES  EACH',
      'choosing   1:20:00  80 %   0         -       0      -',
      'labelling  0:20:00  20 %   100       12.0 s  160    7.5 s',
      'MACHINES    TIME     RUNS',
      'auto-label  0:01:15  2',
      'estimates reckon with 4 s for a picture and 7 s for a box, until 20 boxes were measured',
    ]);
    expect(JSON.parse((await run(['time', SET, '--json'])).out)).toEqual(TIME);
  });

  it('lists and shows sets', async () => {
    expect((await run(['list'])).out).toMatch(/^NAME +SAMPLES +ANNOTATIONS +GROUPS +COMPLETE +ID\nStreet 街道 +3 +4 +1 +2 +0189/);
    expect((await run(['show', 'street 街道'])).out).toContain('3 samples (1.5 MB), 4 annotations');
    expect(JSON.parse((await run(['show', SET, '--json'])).out)).toMatchObject({ id: SET, statistics: STATISTICS });
    expect(await run(['show', 'Roads'])).toMatchObject({ code: 1, err: expect.stringContaining('no sample set is named "Roads"') });
  });

  it('begins a job with what is said of it', async () => {
    const { code, asked, out } = await run(['job', 'pick-diverse', 'Street 街道', 'count=5', 'weights.ease=0', 'target.kind=copy', 'target.into=Chosen']);
    expect([code, out]).toEqual([0, `find-duplicates ${JOB}: waiting for its turn`]);
    expect(asked).toEqual([{ what: `/datasets/${SET}/jobs`, body: { kind: 'pick-diverse', count: 5, perGroup: null, minDistance: 0, weights: { ease: 0 }, goal: null, target: { kind: 'copy', into: OTHER } } }]);
    expect((await run(['job', 'redact', SET, 'name="2026"', 'labels[]=car', 'labels[]=bus', 'tiling={}'])).asked).toMatchObject([{ body: { name: '2026', labels: ['car', 'bus'], tiling: { columns: 3 } } }]);
    expect((await run(['job', 'auto-label', SET, 'model=nanodet-g-416', 'labels.person=人'])).asked).toMatchObject([{ body: { labels: { person: '人' } } }]);
  });

  it('straightens chosen samples, two hundred at a time', async () => {
    const corners = [{ x: 141, y: 131 }, { x: 480, y: 159 }, { x: 493, y: 630 }, { x: 64, y: 601.5 }];
    const job = { kind: 'transform', size: null, ratio: null, boxes: 'bounds', leastVisible: 0.25, target: { kind: 'same' } };
    const sample = 'a'.repeat(64);
    expect((await run(['transform', SET, '--sample', sample, '--corners', '141,131 480,159 493,630 64,601.5', '--ratio', '1:3'])).asked).toEqual([{ what: `/datasets/${SET}/jobs`, body: { ...job, ratio: 1 / 3, parts: [{ sha256: sample, area: { kind: 'quad', corners } }] } }]);
    const turned = { kind: 'turned', box: { x: 1, y: 2, width: 30, height: 40 }, degrees: -3.5 };
    expect((await run(['transform', SET, '--sample', sample, '--area', '1,2,30,40', '--turn=-3.5', '--size', '60x80', '--outlines', '--least-visible', '0.5', '--into', 'Chosen'])).asked).toMatchObject([{ body: { size: { width: 60, height: 80 }, boxes: 'outline', leastVisible: 0.5, target: { kind: 'copy', into: OTHER }, parts: [{ area: turned }] } }]);
    const many = Array.from({ length: 201 }, (_unused, at) => ['--sample', at.toString(16).padStart(64, '0')]).flat();
    expect((await run(['transform', SET, ...many, '--turn', '2'])).asked.map(({ body }) => (body as { parts: unknown[] }).parts.length)).toEqual([200, 1]);
  });

  it('follows it to its end', async () => {
    const { code, out, err } = await run(['job', 'find-duplicates', 'Chosen', 'how=near', '--follow']);
    expect([code, err]).toEqual([0, 'running, 1 of 3 pictures, 0:01:02 left']);
    expect(out).toContain('duplicates: 5');
    expect(out).toContain('list: 4, the first is {"kept"');
    expect(JSON.parse((await run(['job', 'find-duplicates', 'Chosen', 'how=near', '--follow', '--json'])).out)).toMatchObject({ result: RESULT });
    expect(await run(['job', 'embed', 'Chosen', '--follow'], { state: 'failed', problem: 'the disk is full' })).toMatchObject({ code: 1, err: expect.stringContaining('the job failed: the disk is full') });
  });

  it('shows and stops jobs', async () => {
    expect((await run(['jobs', 'Street 街道'])).out).toMatch(/find-duplicates +running, 1 of 3 pictures, 0:01:02 left +2026/);
    const { asked, out } = await run(['cancel', JOB]);
    expect(asked).toEqual([{ what: `/dataset-jobs/${JOB}/cancellation`, body: null }]);
    expect(out).toContain('cancelled');
    expect((await run(['resume', JOB])).asked[0]?.what).toBe(`/dataset-jobs/${JOB}/resumption`);
  });
});
