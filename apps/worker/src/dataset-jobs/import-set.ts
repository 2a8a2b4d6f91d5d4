import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Annotation, type DatasetId, type Sample } from '@argus/contracts';
import { labelsOf, storedPhash } from '@argus/database';
import { annotationTrouble, DatasetFileError, HostileArchiveError, ImportProblems } from '@argus/datasets';
import { isTimeZone } from '@argus/kernel';
import type { EntityManager } from 'typeorm';
import { DatasetJobFailedError } from '../errors.js';
import { inDigestOrder, touchDataset } from './change-set.js';
import type { TakenPicture } from './child/take-picture-in.js';
import type { JobOf, RunKind } from './job-in-hand.js';
import { BATCH, BATCH_MS } from './in-batches.js';
import { openArchive, type ArchivedPicture, type OpenedArchive } from './opened-archive.js';
import { makeSets, setOf, setsOf } from './sets-of-folders.js';
import { storable } from './storable.js';

interface Tally {
  readonly added: number;
  readonly known: number;
  readonly annotations: number;
}

interface Place {
  /** So many pictures of the archive are done. */
  readonly next: number;
  readonly total: number;
  readonly tally: Tally;
}

interface Imported {
  /** Into which set. */
  readonly set: DatasetId;
  readonly sha256: Buffer;
  readonly bytes: number;
  readonly taken: TakenPicture;
  readonly thumbnail: Buffer;
  readonly name: string;
  readonly split: Sample['split'];
  readonly origin: NonNullable<Sample['origin']>;
  readonly ours: ArchivedPicture['ours'];
  readonly annotations: readonly Annotation[];
  readonly attributes: Sample['attributes'];
}

const MOST_PROBLEMS = 100;
/** In the result. */
const MOST_SETS = 1000;
/** As PostgreSQL keeps it. */
const MOST_FRAME = 2 ** 31 - 1;
const YEAR_1 = Date.parse('0001-01-01T00:00:00Z');
const EXTENSIONS = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/webp': 'webp', 'image/bmp': 'bmp' } as const;

const PICTURE = `INSERT INTO pictures (sha256, thumbnail, mime, bytes, width, height, rgb, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, now()) ON CONFLICT (sha256) DO UPDATE SET unused_since = NULL`;
/** What is an original of ours elsewhere stays one, whatever way it came back. */
const SAMPLE = `
  INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, camera_id, video, frame_index, pts_us, wall_at, time_zone, tz_version, sharpness, brightness, phash, split, complete, focus, annotations, labels, attributes, is_original, added_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, EXISTS (SELECT 1 FROM dataset_samples WHERE sha256 = $2 AND is_original UNION ALL SELECT 1 FROM pictures WHERE sha256 = $2 AND is_original), now()) ON CONFLICT DO NOTHING RETURNING 1`;

/** Takes in what an uploaded archive holds. All of it is read once before anything is added: of a hostile or damaged one nothing comes in. */
export const importSet: RunKind<'import'> = async (job) => {
  const { options, work } = job;
  const path = join(work.samplesDir, 'uploads', options.uploadId);
  const archive = await openArchive(path, options.format).catch((error: unknown) => Promise.reject(withoutPath(error, path)));
  try {
    const place = job.placeOf<Place>('import') ?? (await checkArchive(job, archive));
    const problems = new ImportProblems(MOST_PROBLEMS);
    const tally = await takeIn(job, archive, problems, place);
    const { format } = archive;
    const sets = Object.values(setsOf(job)).slice(0, MOST_SETS);
    return async () => ({ kind: 'import', format, ...tally, sets, problems: { count: problems.count, list: storable(problems.list.map(({ file, at, message }) => ({ file: file.slice(0, 500), at: at.slice(0, 500), message: message.slice(0, 1000) }))) }, troubles: job.troubles });
  } catch (error) {
    throw withoutPath(error, path);
  } finally {
    await archive.close();
  }
};

/** Where uploads lie on the server is nobody's business. */
function withoutPath(error: unknown, path: string): unknown {
  return error instanceof HostileArchiveError || error instanceof DatasetFileError ? new DatasetJobFailedError(storable(error.message).replaceAll(path, 'the archive'), error.context, { cause: error }) : error;
}

/** @throws HostileArchiveError, DatasetFileError for an entry that is not what it says */
async function checkArchive(job: JobOf<'import'>, archive: OpenedArchive): Promise<Place> {
  let total = 0;
  const folders = new Set<string>();
  for await (const { read, group } of archive.pictures(new ImportProblems())) {
    job.signal.throwIfAborted();
    await read?.();
    total += 1;
    if (group !== '') folders.add(storable(group));
  }
  if (job.options.eachFolder) await makeSets(job, folders);
  const place = { next: 0, total, tally: { added: 0, known: 0, annotations: 0 } };
  return job.keep('import', 0, async () => ({ place, answer: place }));
}

async function takeIn(job: JobOf<'import'>, archive: OpenedArchive, problems: ImportProblems, { next: first, total, tally: before }: Place): Promise<Tally> {
  const cameras = new Set(((await job.work.dataSource.query('SELECT id FROM cameras')) as { id: string }[]).map(({ id }) => id));
  job.expectPictures(total, first);
  let [next, tally] = [0, before];
  const { clock } = job.work;
  let [batch, sinceMs] = [0, 0];
  let made: Imported[] = [];
  const flush = async (): Promise<void> => {
    if (made.length > 0) await job.work.shards.commit();
    tally = await job.keep('import', batch, async (manager) => {
      const now = await write(manager, job, made, tally);
      return { place: { next, total, tally: now } satisfies Place, answer: now };
    });
    [batch, made] = [0, []];
  };
  for await (const picture of archive.pictures(problems)) {
    if (picture.read === null) problems.add(picture.where, 'picture', 'expected the picture in the archive, it is not there');
    next += 1;
    if (next <= first) continue;
    if (batch === 0) sinceMs = clock.monotonicMs();
    const one = await takeOne(job, picture, cameras, problems);
    if (one !== null) made.push(one);
    batch += 1;
    if (batch === BATCH || clock.monotonicMs() - sinceMs >= BATCH_MS) await flush();
  }
  if (batch > 0) await flush();
  return tally;
}

/** null: it is not there, or no picture. */
async function takeOne(job: JobOf<'import'>, picture: ArchivedPicture, cameras: ReadonlySet<string>, problems: ImportProblems): Promise<Imported | null> {
  const { read, name, split, group, ours, attributes } = picture;
  if (read === null) return null;
  const content = await read();
  const sha256 = createHash('sha256').update(content).digest('hex');
  const taken = await job.ask(sha256, () => job.process.call('take-in', content, job.signal));
  if (taken === null) return null;
  await job.work.shards.put(content, EXTENSIONS[taken.mime]);
  const small = await job.work.shards.put(taken.thumbnail, 'jpg');
  const nowhere = { cameraId: null, group: group || job.options.group || 'import', video: null, frameIndex: null, ptsUs: null, wallTime: null, timeZone: null, tzVersion: null };
  const origin = ours.origin === null ? nowhere : knownTime(ours.origin);
  const annotations = saneAnnotations(picture, taken, problems);
  return {
    set: setOf(job, storable(group)),
    sha256: Buffer.from(sha256, 'hex'), bytes: content.byteLength, taken, thumbnail: Buffer.from(small.sha256, 'hex'), name: storable(name).slice(-300) || 'picture', split, ours, attributes: storable(attributes),
    origin: { ...storable(origin), group: storable(job.options.group ?? origin.group).slice(0, 300), frameIndex: origin.frameIndex !== null && origin.frameIndex > MOST_FRAME ? null : origin.frameIndex, cameraId: origin.cameraId !== null && cameras.has(origin.cameraId) ? origin.cameraId : null },
    // Labels of others were made or seen by somebody; ours say so themselves.
    annotations: storable(ours.origin === null ? annotations.map((one) => (one.state === 'edited' ? { ...one, state: 'reviewed' as const } : one)) : annotations),
  };
}

/** Those that are places in the picture; the others are told. Formats read what they find, and one such row would spoil lists, figures and exports of the whole set. */
function saneAnnotations({ annotations, where }: ArchivedPicture, size: TakenPicture, problems: ImportProblems): Annotation[] {
  return annotations.filter((one) => {
    const { error } = Annotation.safeParse(one);
    const trouble = error ? `${error.issues[0]?.path.join('.')}: ${error.issues[0]?.message}` : annotationTrouble(one, size);
    if (trouble !== null) problems.add(where, `annotation ${one.id}`, trouble);
    return trouble === null;
  });
}

/** A zone that there is not, and the year 0, nobody can reckon with. */
function knownTime(origin: NonNullable<Sample['origin']>): NonNullable<Sample['origin']> {
  const isTime = origin.wallTime !== null && Date.parse(origin.wallTime) >= YEAR_1;
  const isZone = isTime && origin.timeZone !== null && isTimeZone(origin.timeZone);
  return { ...origin, wallTime: isTime ? origin.wallTime : null, timeZone: isZone ? origin.timeZone : null, tzVersion: isZone ? origin.tzVersion : null };
}

async function write(manager: EntityManager, job: JobOf<'import'>, made: readonly Imported[], tally: Tally): Promise<Tally> {
  let [added, annotations] = [0, 0];
  for (const { sha256, taken, ...one } of inDigestOrder(made)) await manager.query(PICTURE, [sha256, one.thumbnail, taken.mime, one.bytes, taken.width, taken.height, Buffer.from(taken.rgb, 'hex')]);
  for (const one of made) {
    const { sha256, taken, origin, ours } = one;
    const { quality } = taken;
    const rows = (await manager.query(SAMPLE, [
      one.set, sha256, one.name, origin.group, origin.cameraId, origin.video, origin.frameIndex, origin.ptsUs, origin.wallTime, origin.timeZone, origin.tzVersion,
      quality.sharpness, quality.brightness, storedPhash(quality.phash), one.split, ours.complete, ours.focus, JSON.stringify(one.annotations), labelsOf(one.annotations), JSON.stringify(one.attributes),
    ])) as unknown[];
    if (rows.length === 0) continue;
    added += 1;
    annotations += one.annotations.length;
  }
  if (added > 0) for (const set of [...new Set(made.map((one) => one.set))].sort()) await tellSet(manager, set, made.filter((one) => one.set === set));
  return { added: tally.added + added, known: tally.known + made.length - added, annotations: tally.annotations + annotations };
}

/** Whose pictures are in it, and that it was changed. */
async function tellSet(manager: EntityManager, set: DatasetId, made: readonly Imported[]): Promise<void> {
  const cameraIds = [...new Set(made.map(({ origin }) => origin.cameraId).filter((id) => id !== null))];
  await manager.query(
    `UPDATE datasets SET has_unknown_cameras = has_unknown_cameras OR $3, camera_ids = (SELECT coalesce(array_agg(DISTINCT camera), '{}') FROM unnest(camera_ids || $2::uuid[]) AS camera) WHERE id = $1`,
    [set, cameraIds, made.some(({ origin }) => origin.cameraId === null)],
  );
  await touchDataset(manager, set);
}
