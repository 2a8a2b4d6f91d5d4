import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, GatewayToEngine, type Api, type EngineToGateway, type GroupRights, type Permission, type RecordingSegment, type Role, type RouteSpec, type User } from '@argus/contracts';
import { openDatabase } from '@argus/database';
import { newId, silentLogger } from '@argus/kernel';
import { waitFor, withTestDatabase } from '@argus/testing';
import { DataSource } from 'typeorm';
import { WebSocket } from 'ws';
import { readSettings } from '../src/settings.js';
import { startGateway } from '../src/start-gateway.js';

export const SET_UP_TOKEN = 'set-up-token-of-this-test';
export const PASSWORD = 'correct horse battery';
const CLI_TOKEN = `argus_cli_${'x'.repeat(43)}`;
const ENGINE_TOKEN = 'engine-token-of-this-test';

/** An answer as it came; `body` is JSON, or undefined when there was none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any;
}

export interface Request {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Somebody who calls the API: with a key, with a session cookie, or as nobody. */
export class Visitor {
  cookie: string | null = null;

  constructor(
    readonly url: string,
    readonly key: string | null = null,
  ) {}

  /** Any request; a string as body is sent as it is. */
  async send(method: string, path: string, request: Request = {}): Promise<Answer> {
    const headers: Record<string, string> = { ...(this.key ? { authorization: `Bearer ${this.key}` } : {}), ...(this.cookie ? { cookie: this.cookie } : {}) };
    if (request.body !== undefined) headers['content-type'] = 'application/json';
    const body = request.body === undefined ? undefined : typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
    const response = await fetch(this.url + path, { method, headers: { ...headers, ...request.headers }, redirect: 'manual', ...(body === undefined ? {} : { body }) });
    const cookie = response.headers.getSetCookie().find((one) => one.startsWith('argus_session='));
    if (cookie) this.cookie = cookie.split(';')[0]?.endsWith('=') ? null : (cookie.split(';')[0] ?? null);
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return { status: response.status, headers: response.headers, body: isJson ? await response.json() : (await response.arrayBuffer(), undefined) };
  }

  /** A route of the catalogue; what comes back with 2xx has to fit the catalogue's response schema. */
  async call(name: keyof Api, request: Request = {}): Promise<Answer> {
    const spec: RouteSpec = api[name];
    const answer = await this.send(spec.method, pathOf(spec, request), request);
    if (answer.status < 300 && spec.response && spec.response !== 'binary' && spec.response !== 'text') spec.response.parse(answer.body);
    return answer;
  }
}

export function pathOf(spec: RouteSpec, { params = {}, query = {} }: Request): string {
  const search = new URLSearchParams(query).toString();
  return spec.path.replace(/:(\w+)/g, (_, key: string) => encodeURIComponent(params[key] ?? '')) + (search ? `?${search}` : '');
}

/** The gateway as main.ts starts it, on a free port and a database of its own; stands until `stop`. */
export async function runGateway(environment: NodeJS.ProcessEnv = {}) {
  const data = await mkdtemp(join(tmpdir(), 'argus-gateway-'));
  const database = await withTestDatabase({ template: { name: 'gateway', prepare: async (url) => (await openDatabase(url)).destroy() } });
  await writeFile(join(data, 'cli-token'), CLI_TOKEN, { mode: 0o600 });
  const settings = readSettings({ DATABASE_URL: database.url, ARGUS_DATA: data, ARGUS_PORT: '0', ARGUS_ENGINE_TOKEN: ENGINE_TOKEN, ARGUS_SETUP_TOKEN: SET_UP_TOKEN, ARGUS_FILE_ROOTS: join(data, 'clips'), ...environment });
  const gateway = await startGateway(settings, { log: silentLogger });
  const owner = new Visitor(gateway.url, CLI_TOKEN);
  return {
    ...gateway,
    data,
    settings,
    setUpLink: `${gateway.url}/set-up?token=${SET_UP_TOKEN}`,
    /** The local command line: may everything. */
    owner,
    nobody: () => new Visitor(gateway.url),
    dataSource: gateway.app.get(DataSource),
    async withKey(permissions: readonly Permission[], cameraScope: readonly string[] | null = null, groupRights: GroupRights = null): Promise<Visitor> {
      const { body } = await owner.call('createApiKey', { body: { name: `key ${newId()}`, permissions, cameraScope, groupRights } });
      return new Visitor(gateway.url, (body as { key: string }).key);
    },
    async withUser(role: Role, cameraScope: readonly string[] | null = null, groupRights: GroupRights = null): Promise<{ visitor: Visitor; user: User }> {
      const name = `${role} ${newId()}`;
      const { body } = await owner.call('createUser', { body: { name, password: PASSWORD, role, cameraScope, groupRights } });
      const visitor = new Visitor(gateway.url);
      await visitor.call('signIn', { body: { name, password: PASSWORD } });
      return { visitor, user: body as User };
    },
    async stop(): Promise<void> {
      await gateway.stop();
      await database.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

export type RunningGateway = Awaited<ReturnType<typeof runGateway>>;

/** The other end of the engine link: a small client of the real protocol on the real socket. */
export async function connectEngine(gateway: RunningGateway, answer: (message: GatewayToEngine) => EngineToGateway | null = () => null) {
  const configs: Extract<GatewayToEngine, { type: 'config' }>['config'][] = [];
  const acks: string[] = [];
  const socket = new WebSocket('ws://engine/', { headers: { authorization: `Bearer ${ENGINE_TOKEN}` }, createConnection: () => connect(gateway.settings.engineSocket) });
  const send = (message: EngineToGateway) => socket.send(JSON.stringify(message));
  socket.on('message', (data: Buffer) => {
    const message = GatewayToEngine.parse(JSON.parse(data.toString()));
    if (message.type === 'config') configs.push(message.config);
    if (message.type === 'ack') acks.push(...message.entries);
    const reply = answer(message);
    if (reply) send(reply);
  });
  await new Promise((open, fail) => socket.once('open', open).once('error', fail));
  send({ type: 'hello', bootId: newId(), version: 'test', pid: 1 });
  /** The gateway says that it has these. */
  const taken = (...entries: readonly string[]) => waitFor(() => entries.every((entry) => acks.includes(entry)), 30_000, () => `of ${entries.join(', ')} only these were acknowledged: ${acks.join(', ')}`);
  const record = async (...segments: readonly RecordingSegment[]): Promise<void> => {
    for (const segment of segments) send({ type: 'segment', entry: segment.id, segment });
    await taken(...segments.map(({ id }) => id));
  };
  return { configs, acks, send, taken, record, close: () => socket.terminate() };
}
