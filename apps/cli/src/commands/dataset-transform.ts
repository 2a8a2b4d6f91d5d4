import type { ApiClient } from '@argus/api-client';
import { MOST_TRANSFORMED, type DatasetId, type DatasetJob, type PictureArea } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, numberOption, parseOptions, refuseExtra, type Terminal } from '../command.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { beginJob, tellJob } from '../dataset/begin-job.js';
import { CHOICE_OPTIONS, CHOICE_USAGE, chosenSamples, readChoice } from '../dataset/chosen-samples.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { checkedJob } from '../dataset/job-options.js';
import { UsageError } from '../errors.js';

const one = { type: 'string' } as const;
const OPTIONS = { ...CHOICE_OPTIONS, corners: one, area: one, turn: one, size: one, ratio: one, into: one, outlines: { type: 'boolean' }, 'least-visible': one, follow: { type: 'boolean' }, json: { type: 'boolean' }, data: one } as const;
type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>['values'];

/** Checked with any sample and set, so that what is wrong is said before anybody is asked. */
const ANY_SAMPLE = '0'.repeat(64);
const ANY_SET = '00000000-0000-7000-8000-000000000000';

export const datasetTransform: Command = {
  name: 'transform',
  summary: 'straighten samples: turn, cut out, or make a rectangle of any four corners',
  usage: `argus dataset transform SET WHICH (--corners "X,Y X,Y X,Y X,Y" | [--area X,Y,WIDTH,HEIGHT] [--turn DEGREES]) [--size WxH | --ratio W:H]
                       [--into SET] [--outlines] [--least-visible SHARE] [--follow] [--json] [--data DIR]

Makes new samples of a part of chosen ones, with their labels; the old ones stay as they are. What is wanted of them is the same for all: in pixels of each.

  --corners        where upper left, upper right, lower right and lower left corner of the new picture lie in the old one
  --area           a box; without it all of the picture
  --turn           turned about its middle, clockwise as a picture is seen; the other way with --turn=-3
  --size           of the new pictures, 300x400: at most two pixels for each of the old one
  --ratio          their form, 1:3 for people, with as many pixels as the area has
  --into           another set; without it they come beside the old ones
  --outlines       boxes become the outlines of where they lie, instead of what bounds those
  --least-visible  labels of which less is seen are left out, 0.25 unless told otherwise
  --follow         waits for its end and shows what came out; "argus dataset remove SET --sample SHA256" takes it back

${CHOICE_USAGE}`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 1);
    if (positionals[0] === undefined) throw new UsageError('expected the name or id of a sample set');
    const wish = wishOf(values);
    checkedJob(jobOf(wish, [ANY_SAMPLE], values.into === undefined ? null : ANY_SET));
    const choice = await readChoice(values, terminal.cwd, false);
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const { id } = await datasetNamed(client, positionals[0]);
    const into = values.into === undefined ? null : (await datasetNamed(client, values.into)).id;
    const digests = await chosenSamples(client, id, choice);
    if (digests.length === 0) throw new UsageError('no sample is like that');
    const jobs = await beginAll(client, id, digests, (chunk) => jobOf(wish, chunk, into), values.follow, terminal);
    if (values.json) terminal.out(JSON.stringify(jobs.length === 1 ? jobs[0] : jobs, null, 2));
    else for (const job of jobs) tellJob(job, false, terminal);
    return 0;
  },
};

/** As many samples at a time as a job takes; a job of one set is done after the other anyhow. */
async function beginAll(client: ApiClient, id: DatasetId, digests: readonly string[], body: (chunk: readonly string[]) => Record<string, unknown>, follow: boolean | undefined, terminal: Terminal): Promise<DatasetJob[]> {
  const jobs: DatasetJob[] = [];
  for (let at = 0; at < digests.length; at += MOST_TRANSFORMED) jobs.push(await beginJob(client, id, checkedJob(body(digests.slice(at, at + MOST_TRANSFORMED)) as Parameters<typeof checkedJob>[0]), follow, terminal));
  return jobs;
}

interface Wish {
  readonly area: PictureArea;
  readonly rest: Record<string, unknown>;
}

const jobOf = ({ area, rest }: Wish, sha256s: readonly string[], into: string | null) => ({ kind: 'transform', ...rest, parts: sha256s.map((sha256) => ({ sha256, area })), ...(into === null ? {} : { target: { kind: 'copy', into } }) });

function wishOf(values: Values): Wish {
  const { corners, area, turn, size, ratio } = values;
  if (corners !== undefined && (area !== undefined || turn !== undefined)) throw new UsageError('expected either --corners or an --area and a --turn, got both');
  if (corners === undefined && area === undefined && turn === undefined) throw new UsageError('expected what is wanted of the pictures: --corners, --area or --turn');
  const least = values['least-visible'];
  return {
    area: corners === undefined ? { kind: 'turned', box: area === undefined ? null : boxOf(area), degrees: turn === undefined ? 0 : numberOption('turn', turn, -180, 180) } : { kind: 'quad', corners: cornersOf(corners) },
    rest: { ...(size === undefined ? {} : { size: sizeOf(size) }), ...(ratio === undefined ? {} : { ratio: ratioOf(ratio) }), ...(values.outlines ? { boxes: 'outline' } : {}), ...(least === undefined ? {} : { leastVisible: numberOption('least-visible', least, 0, 1) }) },
  };
}

function numbersOf(text: string, count: number, flag: string, example: string): number[] {
  const numbers = text.trim().split(/[\s,]+/).map(Number);
  if (numbers.length !== count || !numbers.every(Number.isFinite)) throw new UsageError(`${flag}: expected ${example}, got "${text}"`);
  return numbers;
}

function cornersOf(text: string): (PictureArea & { kind: 'quad' })['corners'] {
  const [ax, ay, bx, by, cx, cy, dx, dy] = numbersOf(text, 8, '--corners', 'four corners such as "141,131 480,159 493,630 64,601"') as [number, number, number, number, number, number, number, number];
  return [{ x: ax, y: ay }, { x: bx, y: by }, { x: cx, y: cy }, { x: dx, y: dy }];
}

function boxOf(text: string) {
  const [x, y, width, height] = numbersOf(text, 4, '--area', 'X,Y,WIDTH,HEIGHT such as 100,50,320,240') as [number, number, number, number];
  return { x, y, width, height };
}

function sizeOf(text: string) {
  const [, width, height] = /^(\d+)x(\d+)$/i.exec(text.trim()) ?? [];
  if (width === undefined) throw new UsageError(`--size: expected WIDTHxHEIGHT such as 300x400, got "${text}"`);
  return { width: Number(width), height: Number(height) };
}

function ratioOf(text: string): number {
  const [, across, down = '1'] = /^([\d.]+)(?::([\d.]+))?$/.exec(text.trim()) ?? [];
  const ratio = Number(across) / Number(down);
  if (!Number.isFinite(ratio)) throw new UsageError(`--ratio: expected WIDTH:HEIGHT such as 1:3, got "${text}"`);
  return ratio;
}
