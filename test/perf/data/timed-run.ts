import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** What a command took, with all processes that it started and waited for. */
export interface TimedRun {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
}

/** Runs a command to its end. Throws what it said when it fails. `said`: called with what it wrote on its standard output. */
export async function timedRun(command: string, args: readonly string[], said: (text: string) => unknown = () => undefined): Promise<TimedRun> {
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', '_', command, ...args], { maxBuffer: 64 * 1024 * 1024, env: { ...process.env, LC_ALL: 'C' } });
  said(stdout);
  const [wall = Number.NaN, user = Number.NaN, system = Number.NaN] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { wallSeconds: wall, cpuSeconds: user + system };
}
