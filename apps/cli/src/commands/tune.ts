import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { ApiClient } from '@argus/api-client';
import { TuneReport, type PipelineView, type SavedTuning, type TuningProfile } from '@argus/contracts';
import { messageOf } from '@argus/kernel';
import { CHECKOUT, dataFolderOf, entryOf } from '../checkout.js';
import { type Command, type Terminal, numberOption, parseOptions, refuseExtra } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { BadFileError, MachineBusyError, NotRunningError, UsageError } from '../errors.js';
import { runEntry } from '../run-entry.js';
import { mergeTuning } from '../tune/merge-tuning.js';

const usage = `argus tune [--model ID]… [--device ID]… [--p95 MS] [--minutes N] [--apply] [--out FILE] [--json] [--while-running] [--data DIR]
argus tune --from FILE --apply [--data DIR]

Measures on this machine how models run best: the sessions, threads, batch and wait that take the most pictures a second while the
95th percentile of queue and run stays under the target. Says so where what the engine chooses by itself is the best.

  --model ID       may be repeated; default: the models of the pipelines when Argus runs, else those that Argus ships
  --device ID      cpu, cuda:0, …, or all; may be repeated; default: where the engine would place the model by itself
  --p95 MS         the target, default 150
  --minutes N      time for everything, default 5; Ctrl+C ends it with what is known
  --apply          send what was found to the running Argus; the rest of its tuning profile stays
  --out FILE       write the result as JSON
  --from FILE      do not measure, take such a file: so one can measure while Argus is stopped
  --json           the result as JSON instead of a table
  --while-running  measure although cameras are being analysed; both will be slower

Exit status 0: measured; 1: failed, or a target is out of reach; 130: stopped by hand, nothing was applied.`;

const text = { type: 'string' } as const;
const flag = { type: 'boolean' } as const;
const list = { type: 'string', multiple: true } as const;
const OPTIONS = { model: list, device: list, p95: text, minutes: text, apply: flag, out: text, from: text, json: flag, 'while-running': flag, data: text } as const;
const STOPPED = 130;

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

/** The measuring is in the inference app, in a process of its own; this knows the running Argus and its profile. */
export const tune: Command = {
  name: 'tune',
  summary: 'find out how models run best on this machine',
  usage,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 0);
    if (values.p95 !== undefined) numberOption('p95', values.p95, 1, 60_000);
    if (values.minutes !== undefined) numberOption('minutes', values.minutes, 0.1, 240);
    const dataFolder = dataFolderOf(values.data, terminal.env, terminal.cwd);
    if (values.from !== undefined) return applyFile(values.from, values, dataFolder, terminal);
    const client = await findClient(dataFolder, values.apply ?? false, terminal);
    if (client !== null) await requireQuiet(client, values['while-running'] ?? false, terminal);
    const models = values.model ?? (client === null ? [] : modelsOf(await allPages((query) => client.call('listPipelines', { query }))));
    return measure(values, models, { client, dataFolder, terminal });
  },
};

async function applyFile(file: string, values: Values, dataFolder: string, terminal: Terminal): Promise<number> {
  if (!values.apply) throw new UsageError('--from: expected --apply with it');
  const own = (['model', 'device', 'p95', 'minutes', 'out', 'while-running'] as const).filter((name) => values[name] !== undefined);
  if (own.length > 0) throw new UsageError(`--from takes what was measured before: unexpected ${own.map((name) => `--${name}`).join(', ')}`);
  const report = await readReport(resolve(terminal.cwd, file));
  await apply(report, clientOf(await findGateway(dataFolder, terminal.env)), values.json ?? false, terminal);
  return 0;
}

/** Without `--apply` nothing has to run. */
async function findClient(dataFolder: string, isNeeded: boolean, terminal: Terminal): Promise<ApiClient | null> {
  try {
    return clientOf(await findGateway(dataFolder, terminal.env));
  } catch (error) {
    if (isNeeded || !(error instanceof NotRunningError)) throw error;
    return null;
  }
}

async function requireQuiet(client: ApiClient, isAllowed: boolean, terminal: Terminal): Promise<void> {
  const [{ engine }, cameras] = await Promise.all([client.call('getSystem'), allPages((query) => client.call('listCameras', { query }))]);
  const analysed = cameras.filter(({ enabled }) => enabled).length;
  if (!engine.connected || analysed === 0) return;
  const what = `Argus is analysing ${analysed} camera${analysed === 1 ? '' : 's'} on this machine`;
  if (!isAllowed) throw new MachineBusyError(`${what}: both would disturb each other. Stop it ("--out FILE" now, "--from FILE --apply" when it runs again), disable the cameras, or say --while-running`, { analysed });
  terminal.err(`${what}: the figures are those of what it leaves, and its cameras get less meanwhile.`);
}

function modelsOf(pipelines: readonly PipelineView[]): string[] {
  return [...new Set(pipelines.flatMap(({ detector, routes, rollout }) => [detector, ...routes.map(({ model }) => model), ...(rollout === null ? [] : [rollout.candidate])]))];
}

interface Surroundings {
  readonly client: ApiClient | null;
  readonly dataFolder: string;
  readonly terminal: Terminal;
}

async function measure(values: Values, models: readonly string[], { client, dataFolder, terminal }: Surroundings): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'argus-tune-'));
  try {
    const written = join(folder, 'report.json');
    const status = await runEntry(entryOf('inference', 'tune'), entryArguments(values, models, written), { env: { ...terminal.env, ARGUS_MODELS_DIRS: modelFolders(dataFolder, terminal.env) }, cwd: terminal.cwd });
    // It failed before there was anything, and has said why.
    if (!existsSync(written)) return status;
    if (values.out !== undefined) await copyFile(written, resolve(terminal.cwd, values.out));
    if (client !== null && values.apply && status !== STOPPED) await apply(await readReport(written), client, values.json ?? false, terminal);
    return status;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function entryArguments(values: Values, models: readonly string[], out: string): string[] {
  const one = (name: 'p95' | 'minutes') => (values[name] === undefined ? [] : [`--${name}`, values[name]]);
  return [...models.flatMap((id) => ['--model', id]), ...(values.device ?? []).flatMap((id) => ['--device', id]), ...one('p95'), ...one('minutes'), '--out', out, ...(values.json ? ['--json'] : [])];
}

const modelFolders = (dataFolder: string, env: NodeJS.ProcessEnv): string => env['ARGUS_MODELS_DIRS'] ?? [join(CHECKOUT, 'libs/models/packages'), join(dataFolder, 'models')].join(delimiter);

async function readReport(file: string): Promise<TuneReport> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new BadFileError(`${file}: expected what "argus tune --out" writes, got: ${messageOf(error)}`, { file }, { cause: error });
  }
  const parsed = TuneReport.safeParse(found);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new BadFileError(`${file}: expected what "argus tune --out" writes; ${first?.path.join('.') || 'it'}: ${first?.message}`, { file });
}

/** The profile is read again: somebody may have changed it while we measured. */
async function apply(report: TuneReport, client: ApiClient, isJson: boolean, terminal: Terminal): Promise<void> {
  const say = (line: string) => (isJson ? terminal.err(line) : terminal.out(line));
  const { profile, said } = mergeTuning(profileOf(await client.call('getTuning')), report);
  const { warnings } = await client.call('updateTuning', { body: profile });
  say('Applied:');
  for (const line of [...said, ...warnings.map((warning) => `without effect here: ${warning.text}`)]) say(`  ${line}`);
}

function profileOf({ updatedAt: _updatedAt, warnings: _warnings, ...profile }: SavedTuning): TuningProfile {
  return profile;
}
