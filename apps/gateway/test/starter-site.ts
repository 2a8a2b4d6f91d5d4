import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Camera, Event } from '@argus/contracts';
import { newId } from '@argus/kernel';
import { sampleEvent, waitFor } from '@argus/testing';
import { connectEngine, runGateway, type RunningGateway } from './running-gateway.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** A starter of `examples/` that runs as its head says. */
export interface RunningStarter {
  /** Everything that it printed. */
  out(): string;
  says(text: string | RegExp): Promise<void>;
  /** Where the line at its start leads, without the slash at its end. */
  readonly url: string;
  end(signal?: NodeJS.Signals): Promise<void>;
}

/** A gateway to which events happen as an engine tells them, and programs that use it. */
export class StarterSite {
  readonly #acks: string[] = [];
  readonly #cameras = new Map<string, Camera>();
  readonly #running = new Set<ChildProcess>();
  #engine: Awaited<ReturnType<typeof connectEngine>> | undefined;

  private constructor(readonly gateway: RunningGateway) {}

  static async open(environment: NodeJS.ProcessEnv = {}): Promise<StarterSite> {
    const site = new StarterSite(await runGateway(environment));
    site.#engine = await connectEngine(site.gateway, (message) => {
      if (message.type === 'ack') site.#acks.push(...message.entries);
      return null;
    });
    return site;
  }

  /** A camera of that name, made where there is none yet. */
  async camera(name: string): Promise<Camera> {
    const camera = this.#cameras.get(name) ?? ((await this.gateway.owner.call('createCamera', { body: { name, url: 'rtsp://10.0.0.2/1', enabled: false } })).body as Camera);
    this.#cameras.set(name, camera);
    return camera;
  }

  /** Stored by the gateway when this is done; with a picture where one is given. */
  async happen(cameraName: string, parts: Partial<Event> = {}, picture?: Buffer): Promise<Event> {
    const { id: cameraId } = await this.camera(cameraName);
    const key = picture && `events/${newId()}.jpg`;
    if (key && picture) {
      mkdirSync(join(this.gateway.settings.blobsDir, 'events'), { recursive: true });
      writeFileSync(join(this.gateway.settings.blobsDir, key), picture);
    }
    return this.tell(sampleEvent({ cameraId, cameraName, ...(key ? { snapshotKey: key, thumbnailKey: key } : {}), ...parts }));
  }

  async tell(event: Event): Promise<Event> {
    const entry = newId();
    this.#engine?.send({ type: 'event', entry, bootId: newId(), event });
    await waitFor(() => this.#acks.includes(entry), 20_000);
    return event;
  }

  async start(name: string, args: readonly string[], environment: NodeJS.ProcessEnv): Promise<RunningStarter> {
    const env = { PATH: [dirname(process.execPath), process.env['PATH']].join(':'), ARGUS_URL: this.gateway.url, ...environment };
    const child = spawn(process.execPath, [`examples/${name}/main.ts`, ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#running.add(child);
    let out = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (out += chunk.toString()));
    const says = async (text: string | RegExp): Promise<void> =>
      void (await waitFor(() => {
        if (typeof text === 'string' ? out.includes(text) : text.test(out)) return true;
        if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}:\n${out}`);
        return false;
      }, 20_000, () => `${name} did not say ${String(text)}, but:\n${out}`));
    await says(/http:\/\/[\d.]+:\d+\//);
    return { out: () => out, says, url: (/http:\/\/[\d.]+:\d+/.exec(out) as RegExpExecArray)[0], end: (signal = 'SIGTERM') => endChild(child, signal) };
  }

  async close(): Promise<void> {
    await Promise.all([...this.#running].map((child) => endChild(child, 'SIGTERM')));
    this.#engine?.close();
    await this.gateway.stop();
  }
}

async function endChild(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill(signal);
  await ended;
}

/** A port of the loopback address that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
