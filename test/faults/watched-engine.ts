import { existsSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import type { Camera, CameraState, CameraStats, Pipeline } from '@argus/contracts';
import { type CameraSent, type RtspCameras, waitFor } from '@argus/testing';
import { cameraOf, configOf, EngineFixture, pipelineOf } from '../../apps/inference/src/fixtures/engine-fixture.js';

export const isEngineBuilt = existsSync(new URL('../../apps/inference/dist/main.js', import.meta.url)) && existsSync(new URL('../../libs/testing/dist/rtsp/rtsp-server-process.js', import.meta.url));
if (!isEngineBuilt) console.warn('skipped: apps/inference or libs/testing is not built (tsc -b)');

export const seconds = (count: number): Promise<void> => new Promise((wake) => setTimeout(wake, count * 1000));
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
/** How many processes share a core: times that are promised for an idle machine are longer on a crowded one. */
export const crowding = (): number => Math.max(1, (loadavg()[0] ?? 0) / availableParallelism());
/** How much longer to measure on a crowded machine, so that a picture that is late at the edge of a window weighs no more than elsewhere. */
export const patience = (): number => Math.min(2, Math.sqrt(crowding()));

/** One camera seen from both ends: what it sent, and what came out of the engine for whoever watches it live, each with the moment of its last picture. */
export interface Reading {
  readonly sent: CameraSent;
  readonly received: { readonly count: number; readonly lastMs: number };
}

/** The built engine with RTSP cameras, and what it says of them. The gateway's end of the link is a stand-in. */
export class WatchedEngine {
  #revision = 1;
  readonly #received = new Map<string, { count: number; lastMs: number }>();

  private constructor(
    readonly fixture: EngineFixture,
    readonly cameras: Map<string, Camera>,
    private readonly pipeline: Pipeline,
  ) {}

  static async start(urls: Readonly<Record<string, string>>, pipeline: Partial<Pipeline>, environment: NodeJS.ProcessEnv = {}): Promise<WatchedEngine> {
    const cameras = new Map(Object.entries(urls).map(([path, url]) => [path, cameraOf({ name: path, url })]));
    const made = pipelineOf({ routes: [], ...pipeline });
    return new WatchedEngine(await EngineFixture.start(configOf([...cameras.values()], [], [made]), environment), cameras, made);
  }

  get pid(): number {
    return this.fixture.process?.pid ?? 0;
  }

  id(path: string): string {
    const camera = this.cameras.get(path);
    if (camera === undefined) throw new Error(`expected one of the cameras, got ${path}`);
    return camera.id;
  }

  /** Newest counters of all cameras, by path. */
  stats(): Record<string, CameraStats> {
    const newest = this.fixture.gateway.ofType('stats').at(-1)?.cameras ?? [];
    const byId = new Map(newest.map((stats) => [stats.cameraId as string, stats]));
    return Object.fromEntries([...this.cameras].flatMap(([path, { id }]) => (byId.has(id) ? [[path, byId.get(id) as CameraStats]] : [])));
  }

  /** States that a camera went through since the last `forget`. */
  history(path: string): CameraState[] {
    const id = this.id(path);
    return this.fixture.gateway.ofType('states').flatMap(({ states }) => states).filter(({ cameraId }) => cameraId === id);
  }

  /** Forgets what was said so far but the newest states, so that a long test does not fill its memory. */
  forget(): void {
    this.#countPackets();
    const { gateway } = this.fixture;
    const states = [...this.cameras.keys()].flatMap((path) => this.history(path).at(-1) ?? []);
    const stats = gateway.ofType('stats').slice(-1);
    gateway.messages.splice(0, gateway.messages.length, { type: 'states', states }, ...stats);
  }

  state(path: string): CameraState['state'] | undefined {
    return this.history(path).at(-1)?.state;
  }

  /** Gives cameras another address; the rest is left as it is. */
  readdress(paths: readonly string[], urlOf: (path: string) => string): void {
    for (const path of paths) this.cameras.set(path, { ...(this.cameras.get(path) as Camera), url: urlOf(path) });
    this.#revision += 1;
    this.fixture.gateway.configure(configOf([...this.cameras.values()], [], [this.pipeline], this.#revision));
  }

  async untilOnline(paths: Iterable<string>, withinMs = 60_000): Promise<void> {
    const wanted = [...paths];
    const missing = () => wanted.filter((path) => this.state(path) !== 'online');
    await waitFor(() => missing().length === 0, withinMs, () => `expected all cameras online, missing: ${missing().map((path) => `${path} (${JSON.stringify(this.history(path).at(-1))})`).join(', ')}`);
  }

  /** From now on every packet of these cameras is sent on to the gateway, as to somebody who watches them. */
  async watchLive(paths: readonly string[]): Promise<void> {
    this.fixture.gateway.send({ type: 'watch', cameraIds: paths.map((path) => this.id(path) as Camera['id']) });
    await waitFor(() => this.#countPackets() && paths.every((path) => this.#received.has(this.id(path))), 30_000, () => 'not all watched cameras were seen live');
  }

  /** Both ends of all watched cameras of one process. Packets are counted, not the engine's own counters: those wait until a packet's fate is known. */
  async read(server: RtspCameras): Promise<Record<string, Reading>> {
    const sent = await server.counts();
    this.#countPackets();
    return Object.fromEntries([...this.cameras].flatMap(([path, { id }]) => {
      const received = this.#received.get(id);
      return sent[path] && received ? [[path, { sent: sent[path], received: { ...received } }]] : [];
    }));
  }

  #countPackets(): true {
    for (const { cameraId, atMs } of this.fixture.gateway.packets.splice(0)) {
      this.#received.set(cameraId, { count: (this.#received.get(cameraId)?.count ?? 0) + 1, lastMs: atMs });
    }
    return true;
  }

  async stop(): Promise<void> {
    await this.fixture.stop();
  }
}

/**
 * Received over sent pictures a second, between two readings. Each count is taken together with the moment of its last picture and
 * divided by the time between two such moments, so that it does not matter when the two ends were asked.
 */
export function rateRatio(before: Reading, after: Reading): number {
  const sent = (after.sent.sent - before.sent.sent) / ((after.sent.lastSentMs ?? NaN) - (before.sent.lastSentMs ?? NaN));
  return (after.received.count - before.received.count) / (after.received.lastMs - before.received.lastMs) / sent;
}
