import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import { createRequire } from 'node:module';
import { machineBusy } from './machine-load.ts';

const require = createRequire(import.meta.url);

/** What a figure was measured on. */
export interface Machine {
  readonly at: string;
  readonly commit: string;
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly kernel: string;
  /** Runnable processes, mean of the last minute, before the first measurement: others' work on this machine. */
  readonly loadBefore: number;
  /** Share of the processors in use before the first measurement, 0..1. */
  readonly busyBefore: number;
  readonly versions: Readonly<Record<string, string>>;
}

export async function describeMachine(): Promise<Machine> {
  return {
    at: new Date().toISOString(),
    commit: firstLine('git', ['describe', '--always', '--dirty']) ?? 'unknown',
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    loadBefore: loadavg()[0] ?? 0,
    busyBefore: await machineBusy(3),
    versions: { node: process.versions.node, onnxruntime: packageVersion('onnxruntime-node'), 'node-av': packageVersion('node-av'), ffmpeg: ffmpegVersion() ?? 'not installed' },
  };
}

/** null: the command line tool is not there. */
export const ffmpegVersion = (): string | null => firstLine('ffmpeg', ['-version'])?.split(' ')[2] ?? null;

function firstLine(command: string, args: readonly string[]): string | null {
  try {
    return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ?? null;
  } catch {
    return null;
  }
}

/** Some packages do not export their package.json: it lies above their entry. */
function packageVersion(name: string): string {
  const entry = require.resolve(name);
  const root = entry.slice(0, entry.lastIndexOf(`/${name}/`) + name.length + 2);
  return (JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { version: string }).version;
}
