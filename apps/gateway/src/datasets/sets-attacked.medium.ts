import type { Api, Dataset } from '@argus/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { streetPictures } from '../../test/street-pictures.js';
import type { Request } from '../../test/running-gateway.js';
import { drawn, SetBench } from '../../test/set-bench.js';

/** Real: gateway, PostgreSQL, HTTP. What somebody sends who means harm, or whose program is broken, gets a clear answer: no request is a fault of ours, and none holds others up. */

let bench: SetBench;
let frames: readonly Buffer[];
let set: Dataset;
let sha256: string;

beforeAll(async () => {
  frames = streetPictures(8, 'fps=2,scale=320:-2');
  bench = await SetBench.open();
  set = await bench.create('attacked');
  [sha256 = ''] = await Promise.all(frames.slice(0, 3).map((frame) => bench.put(set, frame, { annotations: [drawn('person', 5, 40, 20, 50)] })));
}, 60_000);
afterAll(() => bench?.close());

const call = (name: keyof Api, request: Request) => bench.gateway.owner.call(name, { params: { id: set.id, sha256 }, ...request });
const cursorOf = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('what is asked of a set', () => {
  it.each<[string, keyof Api, Record<string, string>]>([
    ['a cursor that is no JSON', 'listSamples', { cursor: cursorOf('nonsense') }],
    ['a cursor with U+0000', 'listSamples', { cursor: cursorOf(['a\0', '-infinity', '1']) }],
    ['a cursor with half a sign', 'listSamples', { cursor: Buffer.from('["\\ud800","-infinity","1"]').toString('base64url') }],
    ['a cursor of a time that is none', 'listSamples', { cursor: cursorOf(['a', '2026-02-31T25:00:00Z', '1']) }],
    ['a cursor of a time that only JavaScript reads', 'listSamples', { cursor: cursorOf(['a', 'Sat, 01 Jan 2000 (now)', '1']) }],
    ['a cursor of the last time there is', 'listSamples', { cursor: cursorOf(['a', '+275760-09-13T00:00:00.000Z', '1']) }],
    ['a cursor with SQL', 'listSamples', { cursor: cursorOf(["a'; DROP TABLE datasets; --", '-infinity', '1']) }],
    ['a cursor of a huge number', 'listSamples', { cursor: cursorOf(['a', '-infinity', '9'.repeat(18)]) }],
    ['a cursor of another list', 'listSamples', { cursor: cursorOf('0192aaaa-0000-7000-8000-000000000000') }],
    ['a cursor of 2000 signs', 'listSamples', { cursor: 'A'.repeat(2000) }],
    ['a cursor too long', 'listSamples', { cursor: 'A'.repeat(2001) }],
    ['a cursor of a ranked list that is none', 'listSamples', { sort: 'value', cursor: '../../etc/passwd' }],
    ['a cursor of jobs', 'listDatasetJobs', { cursor: cursorOf("' OR 1=1") }],
    ['a cursor of a search', 'searchSamples', { text: 'x', cursor: cursorOf(['../../x', 1e308, 2 ** 53]) }],
    ['a cursor of a search with U+0000', 'searchSamples', { text: 'x', cursor: cursorOf(['a\0b', 0, 0]) }],
    ['no number', 'listSamples', { boxFrom: 'NaN' }],
    ['Infinity', 'listSamples', { sharpnessTo: 'Infinity' }],
    ['a number below 0', 'listSamples', { brightnessFrom: '-1' }],
    ['a limit of a million', 'listSamples', { limit: '1000000' }],
    ['a limit of a half', 'listSamples', { limit: '0.5' }],
    ['500 groups', 'listSamples', { group: Array.from({ length: 500 }, (_unused, index) => `g${index}`).join(',') }],
    ['501 groups', 'listSamples', { group: Array.from({ length: 501 }, (_unused, index) => `g${index}`).join(',') }],
    ['a label with U+0000', 'listSamples', { label: 'a\0' }],
    ['a label with half a sign', 'listSamples', { label: 'a\ud800' }],
    ['the year 0', 'listSamples', { from: '0000-01-01T00:00:00Z' }],
    ['the year 9999', 'listSamples', { to: '9999-12-31T23:59:59.999Z' }],
    ['an end before its beginning', 'getDatasetMatrix', { from: '2026-01-02T00:00:00Z', to: '2026-01-01T00:00:00Z' }],
    ['an hour that there was not', 'getDatasetMatrix', { timeZone: 'Europe/Berlin', from: '2026-03-29T02:30:00+01:00', step: 'hour' }],
    ['a zone with a quote', 'getDatasetMatrix', { timeZone: "UTC'" }],
    ['a zone of an offset', 'getDatasetMatrix', { timeZone: '+08:00' }],
    ['a step that is none', 'getDatasetMatrix', { step: "day', now()" }],
    ['a size that is none', 'getSamplePicture', { size: '../original' }],
    ['a prototype', 'listSamples', { __proto__: 'x', constructor: 'y' }],
  ])('%s: an answer, and no fault of ours', async (_what, name, query) => {
    const answer = await call(name, { query });
    expect([_what, answer.status < 500 || answer.status === 503, JSON.stringify(answer.body ?? '')]).toEqual([_what, true, expect.not.stringMatching(/SELECT|pg_|node_modules|\/tmp\//)]);
    if (answer.status === 200) expect((await call('getDataset', {})).body.counts.samples).toBe(3);
  });

  it.each<[string, object, number]>([
    ['a width of 1e308', { box: { x: 0, y: 0, width: 1e308, height: 1e308 } }, 400],
    ['a width below what is stored', { box: { x: 1e-60, y: 0, width: 1, height: 1 } }, 400],
    ['a height below 0', { box: { x: 0, y: 0, width: 1, height: -1 } }, 400],
    ['a mask larger than its picture', { kind: 'mask', runs: [0, 9_007_199_254_740_991] }, 400],
    ['a mask of runs that end nowhere', { kind: 'mask', runs: [0, 320 * 320, 1] }, 400],
    ['corners at 1e300', { kind: 'polygon', points: [1e300, 0, 1, 1, 0, 1] }, 400],
    ['a label with U+0000', { label: 'a\0' }, 400],
    ['a label of 201 signs', { label: 'x'.repeat(201) }, 400],
    ['a label with a line break', { label: 'a\nb: "c"' }, 200],
    ['a label from right to left', { label: '\u202egpj.\u0007' }, 200],
    ['an attribute called __proto__', { attributes: JSON.parse('{"__proto__": {"a": 1}}') }, 200],
  ])('labels with %s', async (_what, more, status) => {
    const answer = await call('saveAnnotations', { body: { annotations: [{ ...drawn('person', 5, 40, 20, 50), ...more }] } });
    expect([answer.status, answer.status === 400 ? answer.body.detail.length > 10 : true]).toEqual([status, true]);
    for (const name of ['listSamples', 'getDatasetStatistics', 'getDataset', 'getSample'] as const) expect([name, (await call(name, {})).status]).toEqual([name, 200]);
  });

  it.each([
    ['of an annotation', 'PUT', () => `/samples/${sha256}/annotations`, (deep: string) => `{"annotations":[{"id":"a","kind":"box","label":"x","box":{"x":0,"y":0,"width":1,"height":1},"attributes":{"a":${deep}}}]}`],
    ['of a job', 'POST', () => '/jobs', (deep: string) => `{"kind":"split","shares":${deep}}`],
    ['of nothing that is known', 'POST', () => '/sample-removals', (deep: string) => `{"sha256s":["${'0'.repeat(64)}"],"x":${deep}}`],
  ])('JSON 400,000 deep %s is refused', async (_what, method, path, body) => {
    const answer = await bench.gateway.owner.send(method, `/api/v1/datasets/${set.id}${path()}`, { body: body(nested(400_000)) });
    expect(answer.body).toMatchObject({ status: 400, code: 'request.invalid', detail: expect.stringContaining('levels') });
  });

  it.each<[string, string]>([
    ['a path', '../../etc/passwd'],
    ['U+FDFA 200 times, which is 3,600 signs when it is folded', '\ufdfa'.repeat(200)],
    ['all sorts of signs that need four bytes', Array.from({ length: 100 }, (_unused, index) => String.fromCodePoint(0x1f300 + index)).join('')],
    ['signs from right to left', '\u202e\u05d0gpj.exe'],
    ['line breaks and quotes', 'a\r\nSet-Cookie: x=1"; filename="b'],
  ])('is called with %s', async (_what, name) => {
    const made = await bench.gateway.owner.call('createDataset', { body: { name } });
    expect([made.status, made.body.name]).toEqual([201, name]);
    expect((await bench.gateway.owner.call('deleteDataset', { params: { id: made.body.id } })).status).toBe(204);
  });
});

describe('many at once', () => {
  const statuses = async (asked: readonly Promise<{ readonly status: number }>[]): Promise<number[]> => (await Promise.all(asked)).map(({ status }) => status).toSorted((a, b) => a - b);

  it('make one set of one name, and one recipe', async () => {
    const { owner } = bench.gateway;
    expect(await statuses(Array.from({ length: 8 }, () => owner.call('createDataset', { body: { name: 'twins' } })))).toEqual([201, ...Array<number>(7).fill(409)]);
    const others = await Promise.all(Array.from({ length: 4 }, (_unused, index) => bench.create(`other ${index}`)));
    expect(await statuses(others.map(({ id }) => owner.call('updateDataset', { params: { id }, body: { name: 'one name' } })))).toEqual([200, 409, 409, 409]);
    const recipe = { name: 'twins', cameras: {}, calendar: { dates: { kind: 'all' } }, sampling: { kind: 'seconds', every: 1 } };
    const made = await Promise.all(Array.from({ length: 8 }, () => owner.call('createHarvestRecipe', { body: recipe })));
    expect(made.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, ...Array<number>(7).fill(409)]);
    const id = made.find(({ status }) => status === 201)?.body.id as string;
    expect(await statuses(Array.from({ length: 8 }, () => owner.call('startHarvestRun', { params: { id } })))).toEqual([200, ...Array<number>(7).fill(409)]);
    const [run] = (await owner.call('listHarvestRuns', { query: { recipe: id } })).body.items as { id: string }[];
    expect(await statuses(Array.from({ length: 4 }, () => owner.call('cancelHarvestRun', { params: { id: run?.id ?? '' } })))).toEqual([200, 409, 409, 409]);
    expect(await statuses(Array.from({ length: 4 }, () => owner.call('resumeHarvestRun', { params: { id: run?.id ?? '' } })))).toEqual([200, 409, 409, 409]);
    await owner.call('cancelHarvestRun', { params: { id: run?.id ?? '' } });
    expect(await statuses(Array.from({ length: 4 }, () => owner.call('deleteHarvestRecipe', { params: { id } })))).toEqual([204, 404, 404, 404]);
  });

  it('remove a set, begin jobs on it and change it: whoever is late is told so', async () => {
    const { owner } = bench.gateway;
    for (let round = 0; round < 4; round += 1) {
      const doomed = await bench.create(`doomed ${round}`);
      const first = await bench.put(doomed, frames[0] as Buffer);
      const params = { id: doomed.id };
      const answers = await Promise.all([
        owner.call('createDatasetJob', { params, body: { kind: 'split' } }),
        owner.call('deleteDataset', { params }),
        owner.call('deleteDataset', { params }),
        owner.call('saveAnnotations', { params: { ...params, sha256: first }, body: { annotations: [drawn('car', 1, 2, 3, 4)] } }),
        owner.call('removeSamples', { params, body: { sha256s: [first] } }),
        owner.call('copySamples', { params, body: { from: set.id, sha256s: [sha256] } }),
        owner.call('copySamples', { params: { id: set.id }, body: { from: doomed.id, sha256s: [first] } }),
        owner.call('getDataset', { params }),
        owner.call('updateDataset', { params, body: { name: `renamed ${round}` } }),
      ]);
      expect(answers.filter(({ status }) => status >= 500).map(({ body }) => body)).toEqual([]);
    }
  });

  it('change the same samples in opposite orders', async () => {
    const { owner } = bench.gateway;
    const [one, two] = [await bench.create('one way'), await bench.create('other way')];
    const digests: string[] = [];
    for (const frame of frames) digests.push(await bench.put(one, frame));
    for (const frame of frames.toReversed()) await bench.put(two, frame);
    for (let round = 0; round < 6; round += 1) {
      const target = await bench.create(`target ${round}`);
      const params = { id: target.id };
      const split = round % 2 === 0 ? 'val' : 'test';
      const answers = await Promise.all([one, two, one, two].flatMap((from, index) => [
        owner.call('copySamples', { params, body: { from: from.id, sha256s: digests } }),
        owner.call('changeSamples', { params: { id: one.id }, body: { sha256s: index % 2 === 0 ? digests : digests.toReversed(), set: { split: index % 2 === 0 ? split : 'train' } } }),
        owner.call('removeSamples', { params: { id: two.id }, body: { sha256s: index % 2 === 0 ? digests : digests.toReversed() } }),
        owner.call('restoreSamples', { params: { id: two.id }, body: { sha256s: index % 2 === 0 ? digests.toReversed() : digests } }),
      ]));
      expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([]);
      expect((await owner.call('getDataset', { params })).body).toMatchObject({ counts: { samples: expect.toSatisfy((count: number) => count <= 8) }, cameraIds: [bench.cameraId] });
    }
  });
});
