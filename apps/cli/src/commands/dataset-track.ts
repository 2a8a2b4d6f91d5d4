import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ApiClient } from '@argus/api-client';
import { DrawnTracks, FollowBoxes, followedLines, MOST_FOLLOWED_SECONDS, picturesToSend, type AddFootagePictures, type Camera, type DatasetId, type FollowedPicture } from '@argus/contracts';
import { dataFolderOf } from '../checkout.js';
import { type Command, parseOptions, refuseExtra, type Terminal } from '../command.js';
import { allPages } from '../connection/all-pages.js';
import { clientOf, findGateway } from '../connection/gateway-access.js';
import { datasetNamed } from '../dataset/dataset-named.js';
import { BadFileError, TrackingBrokeOffError, UsageError } from '../errors.js';
import { camerasNamed } from '../record/cameras-named.js';

const OPTIONS = {
  camera: { type: 'string' }, boxes: { type: 'string' }, every: { type: 'string' }, seconds: { type: 'string' }, backward: { type: 'boolean' }, original: { type: 'boolean' }, 'dry-run': { type: 'boolean' }, json: { type: 'boolean' }, data: { type: 'string' },
} as const;

/** Pictures of one request: with many boxes in each it is still small. */
const AT_ONCE = 25;

export const datasetTrack: Command = {
  name: 'track',
  summary: 'label footage: follow drawn boxes, and put every n-th picture into a set',
  usage: `argus dataset track SET --camera NAME --boxes FILE.json [--every N] [--seconds S] [--backward] [--original] [--dry-run] [--json] [--data DIR]

Follows boxes that were drawn on footage of a camera, and puts pictures with their boxes into a set: every N-th (5), and those in which somebody drew.
Drawn boxes count as reviewed, followed ones as automatic, with how sure the follower is.

  FILE.json       {"boxes": [{"track": "a", "label": "person", "at": "2026-11-28T10:00:00.040Z", "box": {"x": 10, "y": 20, "width": 30, "height": 60}}],
                   "ends": [{"track": "a", "at": "2026-11-28T10:00:09Z"}]}
                  "at" is the time of a picture (or milliseconds since 1970); a later box of the same track puts it right
  --seconds S     how far: ${MOST_FOLLOWED_SECONDS.forward} at most (10), ${MOST_FOLLOWED_SECONDS.backward} with --backward
  --original      pictures without privacy masks, for whoever may see originals
  --dry-run       follows only`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions(args, OPTIONS);
    refuseExtra(positionals, 1);
    if (positionals[0] === undefined) throw new UsageError('expected the name or id of a sample set');
    if (values.camera === undefined || values.boxes === undefined) throw new UsageError(`expected --${values.camera === undefined ? 'camera' : 'boxes'}`);
    const every = numberOf('every', values.every ?? '5', 100_000);
    const direction = values.backward === true ? 'backward' : 'forward';
    const drawn = await readDrawn(resolve(terminal.cwd, values.boxes));
    const wish = wishOf(drawn, direction, numberOf('seconds', values.seconds ?? '10', MOST_FOLLOWED_SECONDS[direction]));
    const client = clientOf(await findGateway(dataFolderOf(values.data, terminal.env, terminal.cwd), terminal.env));
    const set = await datasetNamed(client, positionals[0]);
    const [camera] = camerasNamed(await allPages((query) => client.call('listCameras', { query })), [values.camera]) as [Camera];
    const { pictures, because } = await follow(client, camera, wish);
    const found = picturesToSend(pictures, new Map(drawn.boxes.map(({ track, label }) => [track, label])), every);
    const sums = values['dry-run'] === true ? { added: 0, changed: 0, problems: [] } : await send(client, set.id, { cameraId: camera.id, masked: values.original !== true }, found, terminal);
    const boxes = found.reduce((sum, { labels }) => sum + labels.length, 0);
    terminal.out(values.json === true ? JSON.stringify({ followed: pictures.length, because, chosen: found.length, boxes, ...sums }) : `Followed through ${pictures.length} pictures (${because}); ${found.length} of them with ${boxes} boxes: ${sums.added} new in ${set.name}, ${sums.changed} changed`);
    for (const { atMs, problem } of sums.problems) terminal.err(`${new Date(atMs).toISOString()}: ${problem}`);
    return sums.problems.length > 0 ? 1 : 0;
  },
};

async function readDrawn(path: string): Promise<DrawnTracks> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new BadFileError(`--boxes: ${path} cannot be read (${error.code ?? error.message})`);
  });
  const read = DrawnTracks.safeParse(jsonOf(text));
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new BadFileError(`--boxes: ${path}: ${issue?.path.join('.') || 'the file'}: ${issue?.message}; "argus help dataset" shows how it is written`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function wishOf({ boxes, ends }: DrawnTracks, direction: 'forward' | 'backward', seconds: number): FollowBoxes {
  const times = boxes.map(({ at }) => at);
  const untilMs = direction === 'forward' ? Math.min(...times) + seconds * 1000 : Math.max(...times) - seconds * 1000;
  const wish = FollowBoxes.safeParse({ direction, untilMs, boxes: boxes.map(({ track, at, box }) => ({ track, atMs: at, box })), ends: ends.map(({ track, at }) => ({ track, atMs: at })) });
  if (!wish.success) throw new UsageError(`--boxes: ${wish.error.issues[0]?.path.join('.')}: ${wish.error.issues[0]?.message}`);
  return wish.data;
}

async function follow(client: ApiClient, { id }: Camera, body: FollowBoxes): Promise<{ pictures: FollowedPicture[]; because: string }> {
  const lines = followedLines(await client.call('followBoxes', { params: { id }, body }));
  const last = lines.at(-1);
  if (last?.kind !== 'end') throw new TrackingBrokeOffError(last?.kind === 'failed' ? last.message : 'the answer broke off');
  const pictures = lines.filter((line) => line.kind === 'picture');
  return { pictures: pictures.sort((a, b) => a.atMs - b.atMs), because: last.because };
}

async function send(client: ApiClient, id: DatasetId, of: Pick<AddFootagePictures, 'cameraId' | 'masked'>, pictures: AddFootagePictures['pictures'], terminal: Terminal) {
  const sums = { added: 0, changed: 0, problems: [] as { atMs: number; problem: string }[] };
  for (let at = 0; at < pictures.length; at += AT_ONCE) {
    const { added, changed, problems } = await client.call('addFootagePictures', { params: { id }, body: { ...of, pictures: pictures.slice(at, at + AT_ONCE) } });
    sums.added += added;
    sums.changed += changed;
    sums.problems.push(...problems);
    if (pictures.length > AT_ONCE) terminal.err(`${Math.min(at + AT_ONCE, pictures.length)} of ${pictures.length}`);
  }
  return sums;
}

function numberOf(name: string, text: string, most: number): number {
  const value = Number(text);
  if (!(value > 0 && value <= most) || (name === 'every' && !Number.isInteger(value))) throw new UsageError(`--${name}: expected ${name === 'every' ? 'a whole number' : 'a number'} above 0, at most ${most}, got "${text}"`);
  return value;
}
