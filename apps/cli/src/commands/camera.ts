import { PRIORITIES, Priority, type Camera, type SystemStatus } from '@argus/contracts';
import type { ApiClient } from '@argus/api-client';
import { dataFolderOf } from '../checkout.js';
import { type Command, type Terminal, numberOption, parseOptions, refuseExtra } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { NotFoundError, UsageError } from '../errors.js';
import { age, columns } from '../text/columns.js';

const usage = `argus camera list [--json]
argus camera add NAME URL [--labels person,car] [--tags a,b] [--time-zone Europe/Berlin] [--disabled] [--json]
                 [--priority critical|normal|low] [--weight N] [--analysis-url URL]
argus camera remove NAME|ID

  --priority          who keeps their rate longest when the machine cannot serve all (default: normal)
  --weight N          share among cameras of the same priority, 0.1 to 10 (default: 1)
  --analysis-url URL  a smaller stream of the same camera that is analysed in the place of the main one

URL: rtsp://, rtsps://, rtmp://, http(s):// (MPEG-TS, HLS, MJPEG) or file:// (loops a clip).
All take --data DIR.`;

const OPTIONS = {
  json: { type: 'boolean' },
  data: { type: 'string' },
  name: { type: 'string' },
  url: { type: 'string' },
  labels: { type: 'string' },
  tags: { type: 'string' },
  'time-zone': { type: 'string' },
  disabled: { type: 'boolean' },
  priority: { type: 'string', default: 'normal' },
  weight: { type: 'string', default: '1' },
  'analysis-url': { type: 'string' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

export const camera: Command = {
  name: 'camera',
  summary: 'add, list and remove cameras',
  usage,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    const [action, ...rest] = positionals;
    if (action !== 'add' && action !== 'list' && action !== 'remove') throw new UsageError(`expected "add", "list" or "remove" after "camera", got ${action === undefined ? 'nothing' : `"${action}"`}`);
    const run = { add, list, remove }[action];
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    await run(client, rest, values, terminal);
    return 0;
  },
};

async function list(client: ApiClient, words: readonly string[], values: Values, terminal: Terminal): Promise<void> {
  refuseExtra(words, 0);
  const cameras = await allPages((query) => client.call('listCameras', { query }));
  const { cameras: states } = await client.call('getSystem');
  if (values.json) {
    const stateOf = new Map(states.map(({ state }) => [state.cameraId as string, state]));
    terminal.out(JSON.stringify(cameras.map((one) => ({ ...one, state: stateOf.get(one.id) ?? null })), null, 2));
    return;
  }
  if (cameras.length === 0) terminal.out('No cameras yet. Add one: argus camera add "Front door" rtsp://user:password@192.168.1.20/stream');
  else for (const line of columns([['NAME', 'STATE', 'SINCE', 'PRIORITY', 'URL', 'ID'], ...cameras.map((one) => row(one, states))])) terminal.out(line);
}

function row(one: Camera, states: SystemStatus['cameras']): string[] {
  const state = states.find((entry) => entry.state.cameraId === one.id)?.state;
  if (state === undefined) return [one.name, one.enabled ? 'unknown' : 'disabled', '-', priorityOf(one), one.url, one.id];
  return [one.name, state.reason === null ? state.state : `${state.state} (${state.reason})`, age(state.since, Date.now()), priorityOf(one), one.url, one.id];
}

/** `low`, `critical x2`. */
const priorityOf = ({ priority, weight }: Camera): string => (weight === 1 ? priority : `${priority} x${weight}`);

async function add(client: ApiClient, words: readonly string[], values: Values, terminal: Terminal): Promise<void> {
  refuseExtra(words, 2);
  const url = values.url ?? words.find((word) => word.includes('://'));
  if (url === undefined) throw new UsageError('expected a URL, e.g. argus camera add "Front door" rtsp://user:password@192.168.1.20/stream');
  const priority = Priority.safeParse(values.priority);
  if (!priority.success) throw new UsageError(`--priority: expected ${PRIORITIES.join(', ')}, got "${values.priority}"`);
  const name = values.name ?? words.find((word) => word !== url) ?? hostOf(url);
  const made = await client.call('createCamera', {
    body: {
      name,
      url,
      enabled: !values.disabled,
      tags: namesOf(values.tags) ?? [],
      labels: namesOf(values.labels) ?? null,
      priority: priority.data,
      weight: numberOption('weight', values.weight, 0.1, 10),
      analysisUrl: values['analysis-url'] ?? null,
      timeZone: values['time-zone'] ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
  });
  terminal.out(values.json ? JSON.stringify(made, null, 2) : `Added ${made.name} (${made.id}).`);
}

async function remove(client: ApiClient, words: readonly string[], values: Values, terminal: Terminal): Promise<void> {
  refuseExtra(words, 1);
  const wanted = words[0] ?? values.name;
  if (wanted === undefined) throw new UsageError('expected the name or the id of a camera');
  const cameras = await allPages((query) => client.call('listCameras', { query }));
  const matches = cameras.filter((one) => one.id === wanted || one.name === wanted);
  const [match, another] = matches;
  if (match === undefined) throw new NotFoundError(`no camera is named "${wanted}"; "argus camera list" shows all ${cameras.length}`);
  if (another !== undefined) throw new UsageError(`${matches.length} cameras are named "${wanted}"; name one by its id: ${matches.map((one) => one.id).join(', ')}`);
  await client.call('deleteCamera', { params: { id: match.id } });
  terminal.out(values.json ? JSON.stringify({ removed: match.id }) : `Removed ${match.name} (${match.id}). Its events stay.`);
}

const namesOf = (text: string | undefined): string[] | undefined => text?.split(',').map((word) => word.trim()).filter((word) => word !== '');

function hostOf(url: string): string {
  try {
    return new URL(url).host || 'Camera';
  } catch {
    throw new UsageError(`"${url}" is no URL; expected e.g. rtsp://user:password@192.168.1.20/stream`);
  }
}
