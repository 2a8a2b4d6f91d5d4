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
  readonly analysisFps: number;
}

export interface RawWindow {
  readonly seconds: number;
  readonly decodeCpu: number;
  readonly decoded: number;
  readonly inference: readonly { readonly model: string; readonly cpu: number; readonly runs: number }[];
}

/** Does the work for a while and measures it after a warm-up. `sentPictures`: what the cameras sent so far, for the command, which does not count. */
export async function measureRaw(work: RawWork, decoder: RawDecoder, times: { readonly warmUpSeconds: number; readonly seconds: number }, sentPictures: () => Promise<number>): Promise<RawWindow> {
  const decoders = decoder === 'library' ? decodeByLibrary(work) : work.decode.urls.map((url) => decodeByCommand(url, work));
  const models = work.inference.map(({ model, perSecond, processes }) => ({ model, children: inferenceProcesses(model, perSecond, processes) }));
  const children = [...decoders, ...models.flatMap((entry) => entry.children)];
  const ended = endOf(children);
  try {
    const reading = async () => ({
      atMs: performance.now(),
      decodeCpu: familyCpuSeconds(...decoders.map(pidOf)),
      decoded: decoder === 'library' ? sum((await Promise.all(decoders.map((child) => ask<DecodeCounts>(child)))).map(({ decoded }) => decoded)) : await sentPictures(),
      inference: await Promise.all(models.map(async ({ model, children: own }) => ({ model, cpu: familyCpuSeconds(...own.map(pidOf)), runs: sum(await Promise.all(own.map((child) => ask<number>(child)))) }))),
    });
    await Promise.race([sleep(times.warmUpSeconds * 1000), ended]);
    const before = await reading();
    await Promise.race([sleep(times.seconds * 1000), ended]);
    const after = await reading();
    return {
      seconds: (after.atMs - before.atMs) / 1000,
      decodeCpu: after.decodeCpu - before.decodeCpu,
      decoded: after.decoded - before.decoded,
      inference: after.inference.map(({ model, cpu, runs }, index) => ({ model, cpu: cpu - (before.inference[index]?.cpu ?? 0), runs: runs - (before.inference[index]?.runs ?? 0) })),
    };
  } finally {
    for (const child of children) child.kill('SIGKILL');
  }
}

function decodeByLibrary({ decode, decodeProcesses }: RawWork): ChildProcess[] {
  return Array.from({ length: decodeProcesses }, (_unused, index) => {
    const urls = decode.urls.filter((_url, at) => at % decodeProcesses === index);
    return start('./raw-decode-process.ts', { ...decode, urls }, { UV_THREADPOOL_SIZE: String(2 * urls.length + 8) });
  });
}

/** Decodes everything: only a library can leave pictures out as Argus does under load. */
function decodeByCommand(url: string, { decode, analysisFps }: RawWork): ChildProcess {
  const filters = `fps=${analysisFps},scale=${decode.width}:${decode.height}:flags=bilinear,format=bgr24`;
  const args = ['-nostdin', '-loglevel', 'error', '-rtsp_transport', 'tcp', '-allowed_media_types', 'video', '-threads', '1', '-i', url, '-filter_threads', '1', '-vf', filters, '-f', 'null', '-'];
  return spawn('ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function inferenceProcesses(model: string, perSecond: number, processes: number): ChildProcess[] {
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
  return Array.from({ length: processes }, (_unused, index) => start('./raw-inference-process.ts', { ...order, phaseMs: (index * 1000) / perSecond }));
}

function start(script: string, order: unknown, env: Record<string, string> = {}): ChildProcess {
  return fork(fileURLToPath(new URL(script, import.meta.url)), [JSON.stringify(order)], { execArgv: [], env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
}

const pidOf = (child: ChildProcess): number => child.pid ?? 0;

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
