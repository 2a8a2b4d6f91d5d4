import { api, type Api, type RouteSpec } from '@argus/contracts';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathOf, runGateway, type RunningGateway, type Visitor } from '../../test/running-gateway.js';

/** Real: Nest, Express, PostgreSQL, HTTP. */
let gateway: RunningGateway;
let powerless: Visitor;
beforeAll(async () => {
  gateway = await runGateway();
  powerless = await gateway.withKey(['account.self']);
});
afterAll(() => gateway?.stop());

const routes = Object.entries(api) as [keyof Api, RouteSpec][];
const PUBLIC: readonly (keyof Api)[] = ['health', 'getAuthState', 'setUp', 'signIn'];
/** Served beside the catalogue: the description of the API itself. */
const DOCUMENTATION = /^GET \/api\/docs/;
const ID = '00000000-0000-7000-8000-0000000000ff';
/** What a route cannot be asked without. */
const RANGE = { from: '2026-01-01T00:00:00Z', to: '2026-01-01T00:10:00Z' };
const NEEDED: Partial<Record<keyof Api, Record<string, string>>> = { getFootage: RANGE, getFootagePlan: RANGE, getFootageObjects: RANGE };

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
}

function boundRoutes(app: NestExpressApplication): string[] {
  const { stack } = (app.getHttpAdapter().getInstance() as unknown as { router: { stack: Layer[] } }).router;
  return stack.flatMap(({ route }) => (route ? Object.keys(route.methods).map((method) => `${method.toUpperCase()} ${route.path}`) : []));
}

/** Other parts of paths than ids. */
const PARTS = { jobId: ID, digest: '0'.repeat(64), name: 'film.mp4', sha256: '0'.repeat(64) };

describe('the router', () => {
  it('binds every route of the catalogue exactly once, and nothing else', () => {
    const bound = boundRoutes(gateway.app).filter((route) => !DOCUMENTATION.test(route));
    expect(bound.sort()).toEqual(routes.map(([, spec]) => `${spec.method} ${spec.path}`).sort());
  });

  it('leaves open only what is on the list', () => {
    expect(routes.filter(([, spec]) => spec.permission === null).map(([name]) => name)).toEqual(PUBLIC);
  });
});

describe('every route with a permission', () => {
  const closed = routes.filter(([name]) => !PUBLIC.includes(name));

  it.each(closed)('%s wants a sign-in', async (_name, spec) => {
    const answer = await gateway.nobody().send(spec.method, pathOf(spec, { params: { id: ID, ...PARTS } }), spec.body ? { body: {} } : {});
    expect([answer.status, answer.body.code]).toEqual([401, 'auth.required']);
  });

  it.each(closed.filter(([name]) => name !== 'signOut'))('%s refuses a key without its permission, whatever is sent', async (_name, spec) => {
    const answer = await powerless.send(spec.method, pathOf(spec, { params: { id: 'nonsense', ...PARTS } }), spec.body ? { body: { nonsense: true } } : {});
    expect([answer.status, answer.body.code]).toEqual([403, 'auth.forbidden']);
  });

  it.each(closed.filter(([name, spec]) => spec.body && name !== 'signOut'))('%s says which fields of a senseless body do not fit', async (_name, spec) => {
    const answer = await gateway.owner.send(spec.method, pathOf(spec, { params: { id: ID, ...PARTS } }), { body: [] });
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
    expect(answer.body.errors.length).toBeGreaterThan(0);
  });

  it.each(closed.filter(([, spec]) => spec.params))('%s answers an id that is none with 400', async (_name, spec) => {
    const answer = await gateway.owner.send(spec.method, pathOf(spec, { params: { id: "1' OR '1'='1", ...PARTS } }), spec.body ? { body: {} } : {});
    expect([answer.status, answer.body.code, answer.body.errors[0].path]).toEqual([400, 'request.invalid', 'id']);
  });

  it.each(closed.filter(([, spec]) => spec.params && !spec.body))('%s answers an unknown id with 404', async (name, spec) => {
    const answer = await gateway.owner.send(spec.method, pathOf(spec, { params: { id: ID, ...PARTS }, query: NEEDED[name] ?? {} }));
    expect(answer.status).toBe(404);
    expect(answer.body.code).toMatch(/\.not-found$/);
  });

  it.each(closed.filter(([, spec]) => spec.query && 'shape' in spec.query && 'cursor' in (spec.query.shape as object) && !spec.params))('%s refuses a bad cursor and a bad limit', async (_name, spec) => {
    const bad: Record<string, string>[] = [{ cursor: 'nonsense' }, { cursor: Buffer.from("1970-01-01T00:00:00.000Z x';--").toString('base64url') }, { limit: '0' }, { limit: '1e9' }];
    for (const query of bad) {
      const answer = await gateway.owner.send('GET', pathOf(spec, { query }));
      expect([answer.status, answer.body.code]).toEqual([400, 'cursor' in query ? 'request.cursor-invalid' : 'request.invalid']);
    }
  });
});

describe('the edge', () => {
  it('answers unknown paths and methods as problems', async () => {
    for (const [method, path] of [['GET', '/api/v2/cameras'], ['GET', '/api/v1/nothing'], ['POST', '/api/v1/health'], ['GET', '/nothing.js']] as const) {
      const answer = await gateway.owner.send(method, path);
      expect([answer.status, answer.body.code, answer.headers.get('content-type')]).toEqual([404, 'route.not-found', 'application/problem+json; charset=utf-8']);
    }
  });

  it.each([
    ['broken JSON', '{"name":', {}, 400, 'request.malformed'],
    ['a huge body', JSON.stringify({ name: 'x'.repeat(1_100_000) }), {}, 413, 'request.too-large'],
    ['a form', 'name=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'request.media-type'],
    ['no type', 'x', { 'content-type': '' }, 415, 'request.media-type'],
    ['an unknown encoding', '{}', { 'content-encoding': 'snappy' }, 415, 'request.media-type'],
    ['a NUL in a name', { name: 'a\u0000b', detector: 'nanodet-g-416' }, {}, 400, 'request.invalid'],
    ['half a surrogate pair', '{"name":"\\ud800","detector":"nanodet-g-416"}', {}, 400, 'request.invalid'],
    ['a deep prototype', '{"name":"x","detector":"m","__proto__":{"isDefault":true},"constructor":{"prototype":{"x":1}}}', {}, 201, undefined],
  ])('takes or refuses %s with the right code', async (_what, body, headers, status, code) => {
    const answer = await gateway.owner.call('createPipeline', { body, headers });
    expect([answer.status, answer.body.code]).toEqual([status, code]);
    if (status === 201) expect(answer.body.isDefault).toBe(false);
  });

  it('cannot be led astray by an address that cannot be read', async () => {
    const answer = await gateway.owner.send('GET', '/api/v1/cameras/%E0%A4%A');
    expect([answer.status, answer.body.code]).toEqual([400, 'request.malformed']);
  });

  it('protects pages and answers by headers', async () => {
    const missing = await gateway.owner.call('getEventSnapshot', { params: { id: ID, ...PARTS } });
    expect([missing.status, missing.headers.get('cache-control')]).toEqual([404, 'no-store']);
    const { headers } = await gateway.nobody().call('health');
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('describes itself', async () => {
    const document = await gateway.nobody().send('GET', '/api/docs-json');
    expect(Object.keys(document.body.paths)).toContain('/api/v1/cameras/{id}');
    for (const part of ['', '/swagger-ui-init.js', '/swagger-ui-bundle.js', '/swagger-ui.css']) expect([part, (await gateway.nobody().send('GET', `/api/docs${part}`)).status]).toEqual([part, 200]);
  });
});
