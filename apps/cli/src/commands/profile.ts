import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ApiClient } from '@argus/api-client';
import type { ProfileSubject, ProfileTrace } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, integerOption, parseOptions, refuseExtra } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { NotFoundError, UsageError } from '../errors.js';
import { columns } from '../text/columns.js';
import { stageRows } from '../text/stage-rows.js';

const usage = `argus profile CAMERA|MODEL [--seconds N] [--out FILE] [--json] [--data DIR]

Records for N seconds (1 to 60, default 5) what becomes of each picture of one camera (its name or id), or in all runs of one model
(its id): decode, gate, scale, queue, batch, inference, post, track, classify, publish. Writes a trace that opens in
https://ui.perfetto.dev (it stays in the browser) and shows how long the stages took.

  --out F    write the trace there; default: argus-profile-….json in the current folder
  --json     figures of the stages as JSON`;

const OPTIONS = { seconds: { type: 'string', default: '5' }, out: { type: 'string' }, json: { type: 'boolean' }, data: { type: 'string' } } as const;

export const profile: Command = {
  name: 'profile',
  summary: 'record where the time of pictures goes, for Perfetto',
  usage,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 1);
    const [wanted] = positionals;
    if (wanted === undefined) throw new UsageError('expected the name or the id of a camera, or the id of a model');
    const seconds = integerOption('seconds', values.seconds, 1, 60);
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const { subject, title } = await subjectNamed(wanted, client);
    terminal.err(`Recording ${title} for ${seconds} s …`);
    const trace = await client.call('recordProfile', { body: { subject, seconds } });
    const file = resolve(terminal.cwd, values.out ?? fileNameFor(title));
    await writeFile(file, JSON.stringify(trace));
    const rows = stageRows(trace);
    if (values.json) terminal.out(JSON.stringify({ file, ...trace.otherData, stages: rows }, null, 2));
    else for (const line of describe(file, trace, rows)) terminal.out(line);
    return 0;
  },
};

/** Cameras first: people name them, and nobody names one like a model. */
async function subjectNamed(wanted: string, client: ApiClient): Promise<{ subject: ProfileSubject; title: string }> {
  const cameras = await allPages((query) => client.call('listCameras', { query }));
  const matches = cameras.filter((one) => one.id === wanted || one.name === wanted);
  const [match, another] = matches;
  if (another !== undefined) throw new UsageError(`${matches.length} cameras are named "${wanted}"; name one by its id: ${matches.map((one) => one.id).join(', ')}`);
  if (match !== undefined) return { subject: { kind: 'camera', cameraId: match.id }, title: `camera "${match.name}"` };
  const models = await allPages((query) => client.call('listModels', { query }));
  const model = models.find((one) => one.id === wanted);
  if (model === undefined) throw new NotFoundError(`no camera is named "${wanted}" and no model has this id; "argus camera list" and "argus model list" show what there is`);
  return { subject: { kind: 'model', model: model.id }, title: `model "${model.id}"` };
}

const fileNameFor = (title: string): string => `argus-profile-${title.replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-|-$/g, '')}-${new Date().toISOString().slice(0, 19).replaceAll(':', '')}.json`;

function describe(file: string, { otherData }: ProfileTrace, rows: ReturnType<typeof stageRows>): string[] {
  if (rows.length === 0) return [`Nothing was recorded: no picture came in this time. ${file} is empty.`];
  const cells = rows.map(({ stage, spans, p50Ms, p95Ms, totalMs }) => [stage, String(spans), p50Ms.toFixed(2), p95Ms.toFixed(2), totalMs.toFixed(0)]);
  const lost = Number(otherData['picturesNotKept'] ?? 0);
  return [
    ...columns([['STAGE', 'SPANS', 'P50 MS', 'P95 MS', 'TOTAL MS'], ...cells]),
    '',
    `${otherData['pictures'] ?? '?'} pictures${lost > 0 ? `, ${lost} older ones did not fit` : ''}. Open ${file} in https://ui.perfetto.dev`,
  ];
}
