import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { Upload } from '@tus/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';
import { NO_ROOM, SparingStore } from './sparing-store.js';

/** Real: gateway, PostgreSQL, files. What somebody sends who means harm, or whose program is broken. */
let gateway: RunningGateway;
let [mallory, alice]: Visitor[] = [];

beforeAll(async () => {
  gateway = await runGateway();
  [mallory, alice] = await Promise.all([0, 1].map(() => gateway.withKey(['dataset.read', 'dataset.write'])));
});
afterAll(() => gateway?.stop());

const PIECE = { 'content-type': 'application/offset+octet-stream' };
const ask = (visitor: Visitor | undefined, method: string, path: string, headers: Record<string, string> = {}, body?: BodyInit): Promise<Response> =>
  fetch(new URL(path, gateway.url), { method, headers: { authorization: `Bearer ${visitor?.key}`, 'tus-resumable': '1.0.0', ...headers }, ...(body === undefined ? {} : { body, duplex: 'half' }) } as RequestInit);
const begin = async (visitor: Visitor | undefined, bytes: number, headers: Record<string, string> = {}): Promise<string> => (await ask(visitor, 'POST', '/api/v1/uploads', { 'upload-length': String(bytes), ...headers })).headers.get('location') as string;
const idOf = (address: string): string => address.split('/').at(-1) as string;
const fileOf = (address: string): string => join(gateway.settings.samplesDir, 'uploads', idOf(address));
const metadata = (name: string): Record<string, string> => ({ 'upload-metadata': `filename ${Buffer.from(name).toString('base64')}` });

describe('an upload of somebody else', () => {
  it('is not reached by an address that names it behind one of the own', async () => {
    const [hers, his] = [await begin(alice, 4), await begin(mallory, 4)];
    for (const path of [`${his}?x=/${idOf(hers)}`, `/api/v1/uploads?x=/${idOf(hers)}`, `${his}/../${idOf(hers)}?/`, `${his}%2F..%2F${idOf(hers)}`, `/api/v1/uploads/..%2Fuploads%2F${idOf(hers)}`, `${his}?/..`]) {
      await ask(mallory, 'PATCH', path, { ...PIECE, 'upload-offset': '0' }, 'evil');
      await ask(mallory, 'DELETE', path);
      await ask(mallory, 'POST', path, { 'x-http-method-override': 'DELETE', 'upload-length': '1' });
    }
    expect([existsSync(fileOf(hers)), statSync(fileOf(hers)).size]).toEqual([true, 0]);
    expect((await alice?.call('getUpload', { params: { id: idOf(hers) } }))?.body).toMatchObject({ received: 0, bytes: 4 });
  });
});

describe('an upload', () => {
  it.each<[string, (address: string) => Promise<Response>, number]>([
    ['longer than it said, in one piece', (address) => ask(mallory, 'PATCH', address, { ...PIECE, 'upload-offset': '0' }, Buffer.alloc(11)), 413],
    ['longer than it said, in a stream', (address) => ask(mallory, 'PATCH', address, { ...PIECE, 'upload-offset': '0' }, Readable.toWeb(Readable.from([Buffer.alloc(6), Buffer.alloc(6)])) as BodyInit), 413],
    ['at another offset', (address) => ask(mallory, 'PATCH', address, { ...PIECE, 'upload-offset': '5' }, 'x'), 409],
    ['at an offset below 0', (address) => ask(mallory, 'PATCH', address, { ...PIECE, 'upload-offset': '-1' }, 'x'), 400],
    ['at no number', (address) => ask(mallory, 'PATCH', address, { ...PIECE, 'upload-offset': '1e3' }, 'x'), 400],
    ['without an offset', (address) => ask(mallory, 'PATCH', address, PIECE, 'x'), 403],
    ['with another length', (address) => ask(mallory, 'PATCH', address, { ...PIECE, 'upload-offset': '0', 'upload-length': '99' }, 'x'), 400],
    ['as JSON', (address) => ask(mallory, 'PATCH', address, { 'content-type': 'application/json', 'upload-offset': '0' }, '{}'), 400],
    ['without the version of tus', (address) => fetch(new URL(address, gateway.url), { method: 'PATCH', headers: { authorization: `Bearer ${mallory?.key}`, ...PIECE, 'upload-offset': '0' }, body: 'x' }), 412],
  ])('%s is refused', async (_what, send, status) => {
    const address = await begin(mallory, 10);
    const answer = await send(address);
    expect([answer.status, statSync(fileOf(address)).size <= 10]).toEqual([status, true]);
    expect(await answer.text()).not.toContain(gateway.data);
    await ask(mallory, 'DELETE', address);
  });

  it.each<[string, Record<string, string>, number]>([
    ['of a length below 0', { 'upload-length': '-5' }, 400],
    ['of no number', { 'upload-length': '1e9' }, 400],
    ['of more than any disk', { 'upload-length': '9'.repeat(30) }, 400],
    ['of two lengths', { 'upload-length': '5', 'upload-defer-length': '1' }, 400],
    ['of no length', {}, 400],
    ['with notes that are none', { 'upload-length': '5', 'upload-metadata': 'filename ###' }, 400],
    ['in parts', { 'upload-length': '5', 'upload-concat': 'final;/a /b' }, 501],
  ])('%s is not begun', async (_what, headers, status) => {
    const before = (await readdir(join(gateway.settings.samplesDir, 'uploads'))).length;
    expect([(await ask(mallory, 'POST', '/api/v1/uploads', headers)).status, (await readdir(join(gateway.settings.samplesDir, 'uploads'))).length]).toEqual([status, before]);
  });

  it.each([['U+0000', 'a\0b.zip'], ['folders above', '../../etc/passwd'], ['3000 signs', 'x'.repeat(3000)], ['half a sign at its end', `${'x'.repeat(299)}🚗`], ['from right to left', '\u202egpj.exe'], ['nothing', '']])('may be called with %s', async (_what, name) => {
    const address = await begin(mallory, 3, metadata(name));
    const { status, body } = (await mallory?.call('getUpload', { params: { id: idOf(address) } })) ?? {};
    expect([status, body.name.length <= 300, body.name.isWellFormed(), body.name.includes('\0')]).toEqual([200, true, true, false]);
    await ask(mallory, 'DELETE', address);
  });

  it('written by two at once is one of both, or neither; removed by two, it is gone once', async () => {
    const address = await begin(mallory, 200_000);
    const piece = (sign: string) => ask(mallory, 'PATCH', address, { ...PIECE, 'upload-offset': '0' }, Buffer.alloc(200_000, sign)).then(({ status }) => status, () => 0);
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map(piece));
    expect(answers.filter((status) => status === 204)).toHaveLength(1);
    expect(answers.every((status) => status < 500)).toBe(true);
    expect(new Set(readFileSync(fileOf(address))).size).toBe(1);
    const gone = await Promise.all([0, 1, 2].map(async () => (await ask(mallory, 'DELETE', address)).status));
    expect([gone.toSorted(), existsSync(fileOf(address))]).toEqual([[204, 404, 404], false]);
  });

  it('that somebody has a thousand of is one too many; others go on', async () => {
    const folder = join(gateway.settings.samplesDir, 'uploads');
    const address = await begin(mallory, 1);
    const notes = await readFile(`${fileOf(address)}.json`, 'utf8');
    const ids = Array.from({ length: 1000 }, (_unused, index) => `01920000-0000-7000-8000-${String(index).padStart(12, '0')}`);
    for (const id of ids) await Promise.all([writeFile(join(folder, id), ''), writeFile(join(folder, `${id}.json`), notes.replaceAll(idOf(address), id))]);
    const refused = await ask(mallory, 'POST', '/api/v1/uploads', { 'upload-length': '1' });
    expect([refused.status, await refused.text()]).toEqual([429, expect.stringContaining('at most 1000 uploads')]);
    expect((await ask(alice, 'POST', '/api/v1/uploads', { 'upload-length': '1' })).status).toBe(201);
    for (const id of ids) await Promise.all([rm(join(folder, id)), rm(join(folder, `${id}.json`))]);
  });

  it('that fails for a reason of the server does not tell where files lie', async () => {
    const address = await begin(mallory, 1);
    await writeFile(`${fileOf(address)}.json`, '{');
    await rm(fileOf(address));
    for (const answer of [await ask(mallory, 'HEAD', address), await ask(mallory, 'PATCH', address, { ...PIECE, 'upload-offset': '0' }, 'x')]) expect([answer.status, (await answer.text()).includes(gateway.data)]).toEqual([404, false]);
    await rm(`${fileOf(address)}.json`);
  });
});

it('a disk without room takes nothing more, whatever was let in when there was some', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'argus-room-'));
  const store = new SparingStore(folder, Number.MAX_SAFE_INTEGER);
  await store.create(new Upload({ id: 'one', size: 5, offset: 0 }));
  await expect(store.write(Readable.from([Buffer.from('12345')]), 'one', 0)).rejects.toEqual(NO_ROOM);
  expect(statSync(join(folder, 'one')).size).toBe(0);
  expect(await new SparingStore(folder, 0).write(Readable.from([Buffer.from('123'), Buffer.from('45')]), 'one', 0)).toBe(5);
  await rm(folder, { recursive: true });
});
