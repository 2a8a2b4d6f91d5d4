import { fork, spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import { familyCpuSeconds } from '../measure/process-family.ts';
import { sum } from '../measure/statistics.ts';

const PACKAGES = fileURLToPath(new URL('../../../libs/models/packages', import.meta.url));

export interface DecodeOrder {
  readonly urls: readonly string[];
  /** Pictures scaled of those decoded, 0..1, and decoded of those received. */
  readonly scaleShare: number;
  readonly decodeShare: number;
  readonly groupPictures: number;
  /** Of the scaled picture. */
  readonly width: number;
  readonly height: number;
}

export interface DecodeCounts {
  received: number;
  decoded: number;
  scaled: number;
}

export interface InferenceOrder {
  readonly model: string;
  readonly input: string;
  readonly dims: readonly number[];
  /** A file that ends with one picture as bytes, and what makes numbers of them. */
  readonly pixels: string;
  readonly mean: number;
  readonly std: number;
  readonly perSecond: number;
  readonly phaseMs: number;
}

/** Who decodes: the libraries in a loop of ours, or one `ffmpeg` command a camera. */
export type RawDecoder = 'library' | 'command';

export interface RawWork {
  readonly decode: DecodeOrder;
  /** Pictures a second, by model, and in how many processes side by side. */
  readonly inference: readonly { readonly model: string; readonly perSecond: number; readonly processes: number }[];
  readonly decodeProcesses: number;
}

export interface RawWindow {
  readonly seconds: number;
  readonly decodeCpu: number;
  readonly decoded: number;
  readonly inference: readonly { readonly model: string; readonly cpu: number; readonly runs: number }[];
}

/** Does the work for a while and measures it after a warm-up. */
export async function measureRaw(work: RawWork, decoder: RawDecoder, times: { readonly warmUpSeconds: number; readonly seconds: number }): Promise<RawWindow> {
  const decoders = decoder === 'library' ? decodeByLibrary(work) : work.decode.urls.map((url) => new DecodeCommand(url, work));
  const models = work.inference.map(({ model, perSecond, processes }) => ({ model, counters: inferenceProcesses(model, perSecond, processes) }));
  const all = [...decoders, ...models.flatMap(({ counters }) => counters)];
  const ended = endOf(all.map(({ child }) => child));
  const reading = async () => ({ atMs: performance.now(), decode: await total(decoders), inference: await Promise.all(models.map(({ counters }) => total(counters))) });
  try {
    await Promise.race([sleep(times.warmUpSeconds * 1000), ended]);
    const before = await reading();
    await Promise.race([sleep(times.seconds * 1000), ended]);
    const after = await reading();
    return {
      seconds: (after.atMs - before.atMs) / 1000,
      decodeCpu: after.decode.cpu - before.decode.cpu,
      decoded: after.decode.count - before.decode.count,
      inference: models.map(({ model }, index) => {
        const [from, to] = [before.inference[index] as Reading, after.inference[index] as Reading];
        return { model, cpu: to.cpu - from.cpu, runs: to.count - from.count };
      }),
    };
  } finally {
    for (const { child } of all) child.kill('SIGKILL');
  }
}

/** What a process has done, pictures decoded or runs, and what that cost it in processor seconds, in the same moment. */
interface Reading {
  readonly count: number;
  readonly cpu: number;
}

interface Worker {
  readonly child: ChildProcess;
  read(): Promise<Reading>;
}

async function total(workers: readonly Worker[]): Promise<Reading> {
  const readings = await Promise.all(workers.map((worker) => worker.read()));
  return { count: sum(readings.map(({ count }) => count)), cpu: sum(readings.map(({ cpu }) => cpu)) };
}

function decodeByLibrary({ decode, decodeProcesses }: RawWork): Worker[] {
  return Array.from({ length: decodeProcesses }, (_unused, index) => {
    const urls = decode.urls.filter((_url, at) => at % decodeProcesses === index);
    return ownWorker<DecodeCounts>('./raw-decode-process.ts', { ...decode, urls }, ({ decoded }) => decoded, { UV_THREADPOOL_SIZE: String(2 * urls.length + 8) });
  });
}

/** Decodes everything: only a library can leave pictures out as Argus does under load. Says twice a second how many pictures it scaled. */
class DecodeCommand implements Worker {
  readonly child: ChildProcess;
  #last: Reading = { count: 0, cpu: 0 };

  constructor(url: string, { decode }: RawWork) {
    const share = decode.scaleShare.toFixed(6);
    const filters = `select=gt(floor((n+1)*${share})\\,floor(n*${share})),scale=${decode.width}:${decode.height}:flags=bilinear,format=bgr24`;
    const input = ['-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-allowed_media_types', 'video', '-threads', '1', '-i', url];
    this.child = spawn('ffmpeg', [...input, '-filter_threads', '1', '-vf', filters, '-vsync', 'passthrough', '-progress', 'pipe:1', '-stats_period', '0.5', '-f', 'null', '-'], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.child.stdout?.on('data', (text: Buffer) => {
      const scaled = /^frame=(\d+)/m.exec(text.toString())?.[1];
      if (scaled !== undefined) this.#last = { count: Number(scaled) / decode.scaleShare, cpu: familyCpuSeconds(this.child.pid ?? 0) };
    });
  }

  async read(): Promise<Reading> {
    return this.#last;
  }
}

/** One of our own scripts: asked for its count, it answers at once. */
function ownWorker<T>(script: string, order: unknown, countOf: (answer: T) => number, env: Record<string, string> = {}): Worker {
  const child = fork(fileURLToPath(new URL(script, import.meta.url)), [JSON.stringify(order)], { execArgv: [], env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const read = async () => ({ count: countOf(await ask<T>(child)), cpu: familyCpuSeconds(child.pid ?? 0) });
  return { child, read };
}

function inferenceProcesses(model: string, perSecond: number, processes: number): Worker[] {
  const folder = join(PACKAGES, model);
  const { input, golden, model: file } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as {
    model: string;
    input: { name: string; width: number; height: number; layout: string; mean: number[]; std: number[] };
    golden: { input: string }[];
  };
  const size = [input.height, input.width];
  const order: Omit<InferenceOrder, 'phaseMs'> = {
    model: join(folder, file),
    input: input.name,
    dims: input.layout === 'nchw' ? [1, 3, ...size] : [1, ...size, 3],
    pixels: join(folder, golden[0]?.input ?? ''),
    mean: input.mean[0] ?? 0,
    std: input.std[0] ?? 1,
    perSecond: perSecond / processes,
  };
  return Array.from({ length: processes }, (_unused, index) => ownWorker<number>('./raw-inference-process.ts', { ...order, phaseMs: (index * 1000) / perSecond }, (runs) => runs));
}

function ask<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve) => {
    child.once('message', (answer) => resolve(answer as T));
    child.send('counts');
  });
}

/** Rejects when one of them ends by itself. */
function endOf(children: readonly ChildProcess[]): Promise<never> {
  const ended = new Promise<never>((_resolve, reject) => {
    for (const child of children) child.once('exit', (code) => reject(new Error(`raw work ended by itself with ${code}: ${child.spawnargs.slice(0, 3).join(' ')}`)));
  });
  ended.catch(() => undefined);
  return ended;
}
