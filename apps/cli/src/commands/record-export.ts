import { resolve } from 'node:path';
import type { ApiClient } from '@argus/api-client';
import type { Camera, CreateExport, Export } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, type Terminal, parseOptions, refuseExtra } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway, type GatewayAccess } from '../connection/gateway-access.js';
import { ServiceFailedError, UsageError } from '../errors.js';
import { follow, isOpen } from '../follow.js';
import { camerasNamed } from '../record/cameras-named.js';
import { downloadExport } from '../record/download-export.js';
import { timeOf } from '../record/time-of.js';
import { spanOf } from '../text/span-of.js';

const OPTIONS = {
  json: { type: 'boolean' },
  data: { type: 'string' },
  camera: { type: 'string', multiple: true },
  from: { type: 'string' },
  to: { type: 'string' },
  out: { type: 'string' },
  exact: { type: 'boolean' },
  boxes: { type: 'boolean' },
  blur: { type: 'string', multiple: true },
  original: { type: 'boolean' },
  'no-sound': { type: 'boolean' },
  title: { type: 'string' },
  note: { type: 'string' },
} as const;

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

export const recordExport: Command = {
  name: 'export',
  summary: 'cut footage, download it and check its digests',
  usage: `argus record export --camera NAME --from TIME --to TIME --out DIR [--exact] [--boxes] [--blur LABEL[:head]]
                    [--original] [--no-sound] [--title TEXT] [--note TEXT] [--json] [--data DIR]

Has the server cut footage, waits, downloads into DIR, and checks every digest.

  --camera NAME   name or id; may be given several times
  --from, --to    2026-11-20T09:00:00+08:00, or without an offset in this machine's time zone
  --exact         begins and ends at the asked pictures; else with the key frames around them
  --boxes         boxes of tracked objects are drawn into the pictures
  --blur LABEL    makes these objects unrecognizable, e.g. person or person:head; may be given several times
  --original      without privacy masks, for whoever may see originals; else the masks of a camera are burnt in
  --no-sound      without what was heard

Ctrl+C leaves the export at work on the server; the same command again makes a new one.`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 0);
    const wish = exportWish(values);
    if (wish.toMs <= wish.fromMs) throw new UsageError('--to: expected a time after --from');
    const access = await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env);
    const client = clientOf(access);
    const cameras = camerasNamed(await allPages((query) => client.call('listCameras', { query })), values.camera);
    await exportFootage(client, access, cameras, wish, values, terminal);
    return 0;
  },
};

interface ExportWish {
  readonly fromMs: number;
  readonly toMs: number;
  readonly out: string;
  readonly options: CreateExport['options'];
}

function exportWish(values: Values): ExportWish {
  for (const name of ['camera', 'from', 'to', 'out'] as const) if (values[name] === undefined) throw new UsageError(`expected --${name}`);
  const blur = (values.blur ?? []).map((text) => {
    const [, label, part] = /^(.+?)(?::(head|whole))?$/.exec(text.trim()) ?? [];
    if (label === undefined) throw new UsageError('--blur: expected a label, e.g. person or person:head');
    return { label, part: part === 'head' ? ('head' as const) : ('whole' as const) };
  });
  return { fromMs: timeOf('from', values.from as string), toMs: timeOf('to', values.to as string), out: values.out as string, options: { trim: values.exact ? 'exact' : 'keyframe', boxes: values.boxes ?? false, blur, original: values.original ?? false, sound: values['no-sound'] !== true } };
}

async function exportFootage(client: ApiClient, access: GatewayAccess, cameras: readonly Camera[], { fromMs, toMs, out, options }: ExportWish, values: Values, terminal: Terminal): Promise<void> {
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()];
  const body = { title: values.title ?? `${cameras.map(({ name }) => name).join(', ')} ${from.slice(0, 16).replace('T', ' ')} UTC`.slice(0, 120), note: values.note ?? '', ranges: cameras.map(({ id }) => ({ cameraId: id, from, to })), options };
  const made = await client.call('createExport', { body });
  terminal.err(`Export ${made.id}: about ${megabytes(made.estimatedBytes)} MB.`);
  const done = await waitForExport(client, made.id, terminal);
  const folder = resolve(terminal.cwd, out);
  const files = await downloadExport(access, done, folder, (line) => terminal.err(line));
  if (values.json) terminal.out(JSON.stringify({ ...done, folder, downloaded: files }, null, 2));
  else {
    for (const { name, bytes, sha256, masked } of done.files) terminal.out(`${sha256}  ${name}  (${megabytes(bytes)} MB${masked ? ', privacy masks burnt in' : ''})`);
    terminal.out(`${files.length} files in ${folder}, every digest is right. Keep manifest.sha256 apart from them: ${done.manifestSha256 ?? ''}`);
  }
}

async function waitForExport(client: ApiClient, id: Export['id'], terminal: Terminal): Promise<Export> {
  const made = await follow(() => client.call('getExport', { params: { id } }), isOpen, progressLine, (line) => terminal.err(line));
  if (made.state === 'failed') throw new ServiceFailedError(`the export failed: ${made.error ?? 'nobody said why'}`, { id });
  if (made.state === 'cancelled') throw new ServiceFailedError('somebody stopped the export', { id });
  return made;
}

function progressLine({ state, progress: { share, bytes, bytesPerSecond, secondsLeft } }: Export): string {
  if (state === 'queued') return 'Waiting for its turn …';
  const rate = bytesPerSecond === null ? '' : `, ${megabytes(bytesPerSecond)} MB/s`;
  return `${Math.floor(share * 100)} %, ${megabytes(bytes)} MB${rate}${secondsLeft === null ? '' : `, ${spanOf(secondsLeft * 1000)} left`}`;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
