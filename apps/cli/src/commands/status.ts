import type { Health, ProcessStatus } from '@argus/contracts';
import { createApiClient } from '@argus/api-client';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra } from '../command.js';
import { age, columns } from '../text/columns.js';
import { isProcessAlive, readRunFile, withLiveness } from '../up/run-file.js';

const usage = `argus status [--json] [--data DIR]

Shows every process of Argus on this data directory. Exit status 0: all are up; 3: not running or not all up.`;

interface Status {
  readonly running: boolean;
  readonly url: string | null;
  readonly dataDir: string;
  readonly health: Health | null;
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
  return { running, url: running ? url : null, dataDir, health: running && url !== null ? await askHealth(url) : null, processes };
}

async function askHealth(url: string): Promise<Health | null> {
  try {
    return await createApiClient({ baseUrl: url }).call('health', { signal: AbortSignal.timeout(3000) });
  } catch {
    return null; // no answer is an answer here: the process table says the rest
  }
}

function describe({ running, url, dataDir, health, processes }: Status): string[] {
  if (!running) return [`Argus does not run on ${dataDir}. Start it with "npm start" or "npx argus up".`];
  const now = Date.now();
  const rows = processes.map((entry) => [entry.name, entry.state, entry.pid === null ? '-' : String(entry.pid), age(entry.since, now), String(entry.restarts)]);
  const state = health === null ? 'does not answer' : `${health.status} (database ${health.database}, engine ${health.engine}, version ${health.version})`;
  return [`Address  ${url ?? '-'}`, `Health   ${state}`, `Data     ${dataDir}`, '', ...columns([['PROCESS', 'STATE', 'PID', 'SINCE', 'RESTARTS'], ...rows])];
}
