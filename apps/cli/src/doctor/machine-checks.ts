import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isProcessAlive } from '@argus/kernel';
import { CHECKOUT, DEFAULT_PORT } from '../checkout.js';
import { isPortFree } from '../up/free-port.js';
import { readRunFile, withLiveness } from '../up/run-file.js';
import { type Finding, advice, missing, ok } from './finding.js';
import { runQuietly } from './run-quietly.js';

const GIGABYTE = 1e9;
const gigabytes = (bytes: number): string => `${(bytes / GIGABYTE).toFixed(1)} GB`;

/** Room for the data directory, which may not exist yet. */
export async function checkDisk(dataFolder: string): Promise<Finding> {
  const free = await freeBytes(dataFolder);
  const found = `${gigabytes(free)} free for ${dataFolder}`;
  if (free < 1 * GIGABYTE) return missing('disk', found, 'make room, or put the data directory on a larger disk with ARGUS_DATA');
  return free < 10 * GIGABYTE ? advice('disk', found, 'snapshots and events grow: plan for 10 GB or more') : ok('disk', found);
}

/** Pixels travel from decoders to models through here; containers often get 64 MB only. */
export async function checkSharedMemory(): Promise<Finding> {
  try {
    const { bavail, bsize } = await statfs('/dev/shm');
    if (bavail * bsize >= 256e6) return ok('shared memory', `${gigabytes(bavail * bsize)} free in /dev/shm`);
    return advice('shared memory', `${Math.round((bavail * bsize) / 1e6)} MB free in /dev/shm`, 'give the container more, e.g. --shm-size=1g');
  } catch {
    return advice('shared memory', 'no /dev/shm', 'none needed: the temporary directory is used, which may be slower');
  }
}

export async function checkPort(dataFolder: string, env: NodeJS.ProcessEnv): Promise<Finding> {
  const run = await readRunFile(dataFolder);
  const isOurs = run !== null && withLiveness(run, isProcessAlive).processes.some((entry) => entry.name === 'supervisor' && entry.state !== 'down');
  if (isOurs) return ok('port', `Argus runs at ${run.url ?? 'an address that is not known yet'}`);
  const port = Number(env['ARGUS_PORT'] || DEFAULT_PORT);
  if (await isPortFree(env['ARGUS_HOST'] || '127.0.0.1', port)) return ok('port', `${port} is free`);
  return advice('port', `${port} is taken by another program`, 'nothing to do: "argus up" takes the next free one; or name one with --port');
}

/** Only `npm test` wants these. */
export async function checkTestPackages(): Promise<Finding> {
  const name = 'Debian packages for tests';
  const wanted = Object.keys(JSON.parse(readFileSync(join(CHECKOUT, 'tools/bootstrap/debian-packages.json'), 'utf8')) as Record<string, string>);
  const { stdout, status } = await runQuietly('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\n', ...wanted]);
  if (status === null) return advice(name, 'this is no Debian', `tests that need them are skipped unless you have: ${wanted.join(', ')}`);
  const installed = new Set(stdout.split('\n').filter((line) => line.endsWith(' installed')).map((line) => line.split(' ')[0]));
  const absent = wanted.filter((one) => !installed.has(one));
  if (absent.length === 0) return ok(name, `all ${wanted.length} are installed`);
  return advice(name, `missing: ${absent.join(', ')}`, `as root: apt-get update && apt-get install -y --no-install-recommends ${absent.join(' ')}`);
}

async function freeBytes(folder: string): Promise<number> {
  for (let path = folder; ; path = dirname(path)) {
    try {
      const { bavail, bsize } = await statfs(path);
      return bavail * bsize;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || path === dirname(path)) throw error;
    }
  }
}
