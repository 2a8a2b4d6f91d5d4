import { createServer, type Server } from 'node:http';
import { LiveMessage, decodeLivePacket, encodeLivePacket, type CameraId, type CameraState, type CameraStream, type EventView, type Permission, type UserId } from '@argus/contracts';
import { ApiKeyEntity, SessionEntity, UserEntity, openDatabase } from '@argus/database';
import { newId, silentLogger, systemClock } from '@argus/kernel';
import { sampleEvent, waitFor, withTestDatabase, type TestDatabase } from '@argus/testing';
import { Subject } from 'rxjs';
import { io, type Socket } from 'socket.io-client';
import type { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { Authenticator } from '../auth/authenticator.js';
import { CameraTags } from '../auth/camera-tags.js';
import { CliToken } from '../auth/cli-token.js';
import { hashToken, newSecretToken } from '../auth/secret-token.js';
import { SessionRepository } from '../auth/session.repository.js';
import type { LiveStream } from '../engine/engine-link.js';
import { EngineState } from '../engine/engine-state.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { RealtimeFeed } from '../realtime/realtime-feed.js';
import { LiveDoor } from './live-door.js';
import { LiveHub } from './live-hub.js';

/** Real: PostgreSQL, sign-in, HTTP upgrades, WebSocket, Socket.IO. The engine's packets are made here. */
let database: TestDatabase;
let dataSource: DataSource;
let authenticator: Authenticator;
let sessions: SessionRepository;
let server: Server;
let base: string;
let engine: EngineState;
let changes: ChangeBus;
let feed: RealtimeFeed;
let door: LiveDoor;
const packets = new Subject<LiveStream & { packet: Uint8Array }>();
const liveMessages = new Subject<LiveStream & { message: LiveMessage }>();
let watched: readonly LiveStream[] = [];
/** The cameras have a main stream beside the analysed one. */
let hasMain = false;
const camera = newId<CameraId>();
const other = newId<CameraId>();
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  database = await withTestDatabase();
  dataSource = await openDatabase(database.url);
  sessions = new SessionRepository(dataSource, systemClock);
});
afterAll(async () => {
  await dataSource?.destroy();
  await database?.close();
});
beforeEach(async () => {
  hasMain = false;
  engine = new EngineState(systemClock);
  changes = new ChangeBus();
  authenticator = new Authenticator(dataSource, sessions, new CliToken('/none', silentLogger), new CameraTags(dataSource, changes, systemClock), systemClock);
  const authenticate = (headers: Parameters<Authenticator['authenticateRequest']>[0], address: string | null) => authenticator.authenticateRequest(headers, address);
  const hub = new LiveHub({ packets, liveMessages, watch: (streams) => (watched = streams) }, engine.stateChanges);
  door = new LiveDoor({ hub, authenticate, log: silentLogger, rightsChanges: changes.changes, checkEveryMs: 150, find: async (id) => (id === camera || id === other ? { state: engine.stateOf({ id, enabled: true }), hasMain } : null) });
  feed = new RealtimeFeed({ authenticate, engine, changes, log: silentLogger, checkEveryMs: 150 });
  server = createServer((_request, response) => response.end('page')).listen(0, '127.0.0.1');
  await new Promise((ready) => server.once('listening', ready));
  door.attach(server);
  feed.attach(server);
  base = `127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterEach(async () => {
  for (const client of open.splice(0)) client.close();
  door.close();
  feed.close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

async function key(permissions: Permission[], cameraScope: CameraId[] | null = null): Promise<string> {
  const secret = newSecretToken('argus_');
  await dataSource.getRepository(ApiKeyEntity).insert({ id: newId(), name: 'test', keyHash: hashToken(secret), permissions, cameraScope, createdAt: new Date(), createdBy: 'test', lastUsedAt: null, expiresAt: null });
  return secret;
}

async function cookie(): Promise<{ cookie: string; userId: UserId }> {
  const userId = newId<UserId>();
  const name = `ann ${userId}`;
  await dataSource.getRepository(UserEntity).insert({ id: userId, name, nameKey: name, role: 'viewer', cameraScope: null, passwordHash: '', disabled: false, lastSignInAt: null, createdAt: new Date(), updatedAt: new Date() });
  return { cookie: `argus_session=${await sessions.start({ userId, remoteAddress: null, userAgent: null })}`, userId };
}

interface Viewer {
  readonly socket: WebSocket;
  readonly texts: LiveMessage[];
  readonly packets: ReturnType<typeof decodeLivePacket>[];
  readonly status: Promise<number>;
  closedWith: number | null;
}

function view(headers: Record<string, string>, id: string = camera, query = ''): Viewer {
  const socket = new WebSocket(`ws://${base}/api/v1/cameras/${id}/live${query}`, { headers });
  open.push({ close: () => socket.terminate() });
  const viewer: Viewer = {
    socket,
    texts: [],
    packets: [],
    closedWith: null,
    status: new Promise((answer) => {
      socket.once('open', () => answer(101));
      socket.once('unexpected-response', (_request, response) => answer(response.statusCode ?? 0));
    }),
  };
  socket.on('error', () => undefined);
  socket.on('close', (code) => (viewer.closedWith = code));
  socket.on('message', (data: Buffer, isBinary) => (isBinary ? viewer.packets.push(decodeLivePacket(data)) : viewer.texts.push(LiveMessage.parse(JSON.parse(data.toString())))));
  return viewer;
}

const isWatched = (id: CameraId, name: CameraStream = 'analysis'): boolean => watched.some(({ cameraId, stream }) => cameraId === id && stream === name);
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` });
const send = (ptsUs: number, isKey: boolean, bytes = 100, name: CameraStream = 'analysis') => packets.next({ cameraId: camera, stream: name, packet: encodeLivePacket({ key: isKey, ptsUs, data: new Uint8Array(bytes) }) });
const description: LiveMessage = { type: 'stream', codec: 'h264', codecString: 'avc1.64001f', width: 64, height: 48 };

describe('a live view', () => {
  it('gets state, stream, packets from a key frame on, and overlays', async () => {
    const viewer = view(bearer(await key(['live.view'])));
    expect(await viewer.status).toBe(101);
    await waitFor(() => isWatched(camera), 20_000);
    liveMessages.next({ cameraId: camera, stream: 'analysis', message: description });
    send(1, false);
    send(2, true);
    liveMessages.next({ cameraId: camera, stream: 'analysis', message: { type: 'overlay', ptsUs: 2, objects: [] } });
    send(3, false);
    await waitFor(() => viewer.packets.length === 2, 20_000);
    expect(viewer.texts.map((message) => message.type)).toEqual(['state', 'stream', 'overlay']);
    expect(viewer.packets.map(({ ptsUs, key: isKey }) => [ptsUs, isKey])).toEqual([[2, true], [3, false]]);
    const late = view(bearer(await key(['live.view'])));
    await waitFor(() => late.texts.some((message) => message.type === 'stream'), 20_000);
  });

  it('is refused without sign-in, right, camera or scope, and from a page of another site', async () => {
    const { cookie: session } = await cookie();
    expect(await view({}).status).toBe(401);
    expect(await view(bearer('argus_unknown-key-of-nobody')).status).toBe(401);
    expect(await view(bearer(await key(['camera.read']))).status).toBe(403);
    expect(await view(bearer(await key(['live.view'], [other]))).status).toBe(404);
    expect(await view(bearer(await key(['live.view'])), newId()).status).toBe(404);
    expect(await view(bearer(await key(['live.view'])), 'nonsense').status).toBe(404);
    expect(await view({ cookie: session, origin: 'http://evil.example' }).status).toBe(403);
    expect(await view({ cookie: session, origin: `http://${base}` }).status).toBe(101);
    expect(await view(bearer(await key(['live.view'], [camera]))).status).toBe(101);
  });

  it('ends when the session ends', async () => {
    const { cookie: session, userId } = await cookie();
    const viewer = view({ cookie: session });
    expect(await viewer.status).toBe(101);
    await dataSource.getRepository(SessionEntity).delete({ userId });
    await waitFor(() => viewer.closedWith === 4403, 20_000);
  });

  it('of somebody slow drops pictures, and never those of others', async () => {
    const secret = await key(['live.view']);
    const [slow, quick] = [view(bearer(secret)), view(bearer(secret))];
    expect(await Promise.all([slow.status, quick.status])).toEqual([101, 101]);
    slow.socket.pause();
    const sent = 400;
    for (let index = 0; index < sent; index += 1) {
      send(index, index % 25 === 0, 100_000);
      // The quick one keeps up; how fast that is depends on the machine.
      if (index % 10 === 9) await waitFor(() => quick.packets.length === index + 1, 20_000, () => `${quick.packets.length} of ${index + 1}`);
    }
    slow.socket.resume();
    await new Promise((wake) => setTimeout(wake, 500));
    expect(slow.packets.length).toBeLessThan(sent);
    const gaps = slow.packets.filter(({ ptsUs }, index) => ptsUs !== (slow.packets[index - 1]?.ptsUs ?? -1) + 1);
    expect(gaps.every((packet) => packet.key)).toBe(true);
  });

  it('of the main stream is another one, where a camera has two: with its own packets and its own state', async () => {
    hasMain = true;
    const secret = await key(['live.view']);
    const [small, large] = [view(bearer(secret)), view(bearer(secret), camera, '?stream=main')];
    expect(await Promise.all([small.status, large.status])).toEqual([101, 101]);
    await waitFor(() => isWatched(camera) && isWatched(camera, 'main'), 20_000);
    const offline: CameraState = { ...engine.stateOf({ id: camera, enabled: true }), state: 'offline', reason: 'refused' };
    liveMessages.next({ cameraId: camera, stream: 'main', message: { type: 'state', state: offline } });
    send(1, true, 100, 'main');
    send(2, true);
    engine.setStates([{ ...offline, state: 'online', reason: null }]);
    await waitFor(() => small.texts.length === 2 && large.packets.length === 1 && small.packets.length === 1, 20_000);
    expect([small.packets[0]?.ptsUs, large.packets[0]?.ptsUs]).toEqual([2, 1]);
    // What the main stream is doing is told by the engine alone, also to who comes later.
    expect(large.texts).toEqual([{ type: 'state', state: offline }]);
    const late = view(bearer(secret), camera, '?stream=main');
    await waitFor(() => late.texts.length === 1, 20_000);
    expect(late.texts).toEqual([{ type: 'state', state: offline }]);
  });

  it('of the main stream of a camera with one stream for all is that one, and changes with the camera', async () => {
    const secret = await key(['live.view']);
    const viewer = view(bearer(secret), camera, '?stream=main');
    expect(await viewer.status).toBe(101);
    await waitFor(() => isWatched(camera), 20_000);
    expect(isWatched(camera, 'main')).toBe(false);
    hasMain = true;
    await waitFor(() => viewer.closedWith === 4000, 20_000);
    expect(await view(bearer(secret), camera, '?stream=nonsense').status).toBe(400);
  });

  it('is the only reason for which the engine sends a camera', async () => {
    const viewer = view(bearer(await key(['live.view'])), other);
    await viewer.status;
    await waitFor(() => isWatched(other), 20_000);
    viewer.socket.terminate();
    await waitFor(() => !isWatched(other), 20_000);
  });
});

describe('the realtime feed', () => {
  function listen(options: { token?: string; cookie?: string; origin?: string }) {
    const got: [string, unknown][] = [];
    const extraHeaders = { ...(options.cookie ? { cookie: options.cookie } : {}), ...(options.origin ? { origin: options.origin } : {}) };
    const socket: Socket = io(`http://${base}`, { transports: ['websocket'], reconnection: false, forceNew: true, auth: options.token ? { token: options.token } : {}, extraHeaders });
    open.push({ close: () => socket.disconnect() });
    socket.onAny((name: string, payload: unknown) => got.push([name, payload]));
    const outcome = new Promise<string>((done) => socket.once('connect', () => done('connected')).once('connect_error', (error) => done(error.message)));
    return { got, socket, outcome, names: () => got.map(([name]) => name) };
  }
  const viewOf = (cameraId: CameraId): EventView => ({ ...sampleEvent({ cameraId }), acknowledgedAt: null, acknowledgedBy: null });
  const stateOf = (cameraId: CameraId): CameraState => ({ ...engine.stateOf({ id: cameraId, enabled: true }) });

  it('tells each only what is theirs', async () => {
    const all = listen({ token: await key(['event.read', 'camera.read', 'rule.read', 'system.read']) });
    const scoped = listen({ token: await key(['event.read', 'camera.read'], [camera]) });
    const nothing = listen({ token: await key(['model.read']) });
    expect(await Promise.all([all.outcome, scoped.outcome, nothing.outcome])).toEqual(['connected', 'connected', 'connected']);
    const [mine, theirs] = [viewOf(camera), viewOf(other)];
    feed.events([mine, theirs]);
    engine.setStates([stateOf(camera), stateOf(other)]);
    changes.announce('rule');
    changes.announce('rule');
    await waitFor(() => all.got.length >= 7, 20_000, () => JSON.stringify(all.names()));
    expect(all.names()).toEqual(['engine', 'event', 'event', 'camera-state', 'camera-state', 'changed', 'changed']);
    expect(scoped.got).toEqual([['event', mine], ['camera-state', stateOf(camera)]].map(([name, payload]) => [name, name === 'camera-state' ? expect.objectContaining({ cameraId: camera }) : payload]));
    expect(nothing.got).toEqual([]);
  });

  it('is closed to strangers and to pages of other sites, and ends with the session', async () => {
    const { cookie: session, userId } = await cookie();
    expect(await listen({}).outcome).toBe('auth.required');
    expect(await listen({ token: 'argus_unknown-key-of-nobody' }).outcome).toBe('auth.required');
    expect(await listen({ cookie: session, origin: 'http://evil.example' }).outcome).toBe('auth.required');
    const viewer = listen({ cookie: session, origin: `http://${base}` });
    expect(await viewer.outcome).toBe('connected');
    await dataSource.getRepository(UserEntity).update({ id: userId }, { disabled: true });
    await waitFor(() => !viewer.socket.connected, 20_000);
  });
});
