import type { Health, ProcessStatus, SystemStatus, Warning } from '@argus/contracts';
import { createApiClient } from '@argus/api-client';
import { isProcessAlive } from '@argus/kernel';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { age, columns } from '../text/columns.js';
import { camerasLine, loadLine, staleCount } from '../text/system-lines.js';
import { findCliToken } from '../up/cli-token.js';
import { readRunFile, withLiveness } from '../up/run-file.js';

const usage = `argus status [--json] [--data DIR]

Shows every process of Argus on this data directory, how loaded the machine is, cameras that were not analysed lately, what of the configuration could not be applied, and what is the matter with the recordings. Exit status 0: all are up; 3: not running or not all up.`;

interface Status {
  readonly running: boolean;
  readonly url: string | null;
  readonly dataDir: string;
  readonly health: Health | null;
  /** How the engine does; null when the gateway does not say. */
  readonly load: { readonly words: string; readonly stats: SystemStatus['compute']['load'] } | null;
  readonly cameras: { readonly words: string; readonly stale: number } | null;
  /** What the engine could not apply of the configuration, and what is the matter with the recordings. */
  readonly problems: readonly Warning[];
  readonly processes: readonly ProcessStatus[];
}

export const status: Command = {
  name: 'status',
  summary: 'show the processes and their health',
  usage,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' }, data: { type: 'string' } });
    refuseExtra(positionals, 0);
    const found = await readStatus(dataFolderOf(values.data, terminal.env, terminal.cwd));
    if (values.json) terminal.out(JSON.stringify(found, null, 2));
    else for (const line of describe(found)) terminal.out(line);
    return found.running && found.processes.every((entry) => entry.state === 'up') ? 0 : 3;
  },
};

async function readStatus(dataDir: string): Promise<Status> {
  const run = await readRunFile(dataDir);
  const { url, processes } = run === null ? { url: null, processes: [] } : withLiveness(run, isProcessAlive);
  const running = processes.some((entry) => entry.name === 'supervisor' && entry.state !== 'down');
  const answering = running ? url : null;
  const [health, system] = answering === null ? [null, null] : await Promise.all([askHealth(answering), askSystem(answering, dataDir)]);
  return { running, url: answering, dataDir, health, load: null, cameras: null, problems: [], ...system, processes };
}

async function askHealth(url: string): Promise<Health | null> {
  try {
    return await createApiClient({ baseUrl: url }).call('health', { signal: AbortSignal.timeout(3000) });
  } catch {
    return null; // no answer is an answer here: the process table says the rest
  }
}

async function askSystem(url: string, dataDir: string): Promise<Pick<Status, 'load' | 'cameras' | 'problems'> | null> {
  const token = await findCliToken(dataDir);
  if (token === null) return null;
  const client = createApiClient({ baseUrl: url, token });
  const signal = AbortSignal.timeout(3000);
  try {
    const [system, cameras] = await Promise.all([client.call('getSystem', { signal }), allPages((query) => client.call('listCameras', { query, signal }))]);
    const stats = system.compute.load;
    const now = Date.now();
    const words = camerasLine(system.cameras, new Map(cameras.map((camera) => [camera.id, camera])), now);
    return { load: { words: loadLine(stats), stats }, cameras: { words, stale: staleCount(system.cameras, now) }, problems: [...system.engine.problems, ...system.recordings.warnings] };
  } catch {
    return null; // as above
  }
}

function describe({ running, url, dataDir, health, load, cameras, problems, processes }: Status): string[] {
  if (!running) return [`Argus does not run on ${dataDir}. Start it with "npm start" or "npx argus up".`];
  const now = Date.now();
  const rows = processes.map((entry) => [entry.name, entry.state, entry.pid === null ? '-' : String(entry.pid), age(entry.since, now), String(entry.restarts)]);
  const state = health === null ? 'does not answer' : `${health.status} (database ${health.database}, engine ${health.engine}, version ${health.version})`;
  const engine = [...(load === null ? [] : [`Load     ${load.words}`]), ...(cameras === null ? [] : [`Cameras  ${cameras.words}`]), ...problems.map(({ text }) => `Problem  ${text}`)];
  return [`Address  ${url ?? '-'}`, `Health   ${state}`, ...engine, `Data     ${dataDir}`, '', ...columns([['PROCESS', 'STATE', 'PID', 'SINCE', 'RESTARTS'], ...rows])];
}
