import { CameraId, RecordingSegment, SegmentId } from '@argus/contracts';
import { FootageDiskError, FootageFileError, walkSegment, type WalkedSegment } from '@argus/footage';
import { isoTime } from '@argus/kernel';
import type { RecordingsFolder, S3Store } from '@argus/storage';
import type { DataSource } from 'typeorm';
import type { Tier } from './retention-rows.js';
import { saveSegment } from './segment-row.js';

/**
 * What a file without a row is. `whole`: footage that can be taken into the index. `open`: a recorder left it unfinished, and the engine repairs it when it starts.
 * `damaged`: it has the name of footage, and is none or not all of it. `foreign`: no footage of ours, and nobody's business.
 */
export type StrayKind = 'whole' | 'open' | 'damaged' | 'foreign';

/** What is known of a file that a row could not name. */
type Stray = { readonly kind: Exclude<StrayKind, 'whole'> } | { readonly kind: 'whole'; readonly segment: RecordingSegment };

interface StrayName {
  readonly cameraId: CameraId;
  readonly id: SegmentId;
  readonly startMs: number;
  readonly isOpen: boolean;
}

/** As the engine names them: `<camera>/<day>/<start>-<id>.mp4`. */
const PATH = /^([0-9a-f-]{36})\/(\d{4}-\d{2}-\d{2})\/(\d{1,14})-([0-9a-f-]{36})\.mp4(\.part)?$/;
/** Segments are some ten seconds long; whoever searches the index counts on no more than this. */
const LONGEST_MS = 3_600_000;
const MOST_FRAGMENTS = 10_000;

/** Takes footage that has no row into the index again: its name and its boxes tell all but what moved and what was seen in it. */
export class FootageAdopter {
  constructor(
    private readonly folder: RecordingsFolder,
    private readonly dataSource: DataSource,
  ) {}

  /** What a file is, by its name and its boxes; nothing is changed, and no picture is read. */
  async look(path: string, nowMs: number): Promise<StrayKind> {
    return (await this.#look(path, nowMs)).kind;
  }

  /** The same, and footage that is whole has a row afterwards. */
  async adopt(path: string, nowMs: number): Promise<StrayKind> {
    const stray = await this.#look(path, nowMs);
    if (stray.kind === 'whole') await this.#save(stray.segment, 'local', nowMs);
    return stray.kind;
  }

  /**
   * The same of a file in the second tier. Only of cameras that the database knows: a bucket may be shared, and what has a row is removed when it is old.
   * @throws RemoteStoreError
   */
  async adoptFar(path: string, remote: S3Store, nowMs: number): Promise<boolean> {
    const name = nameOf(path, nowMs);
    if (name === null || name.isOpen || !(await this.#isKnown(name.cameraId)) || (await this.#isElsewhere(name.id, path))) return false;
    const file = await remote.open(path);
    const segment = file && segmentOf(path, name, await walkSegment(file).catch(noFootage));
    if (segment) await this.#save(segment, 'remote', nowMs);
    return Boolean(segment);
  }

  async #save(segment: RecordingSegment, tier: Tier, nowMs: number): Promise<void> {
    await this.dataSource.transaction(async ({ queryRunner }) => {
      if (!queryRunner) throw new Error('expected a transaction with a query runner');
      await saveSegment(queryRunner, segment, isoTime(nowMs));
      if (tier === 'remote') await queryRunner.query(`UPDATE recording_segments SET tier = 'remote' WHERE id = $1`, [segment.id]);
    });
  }

  async #isKnown(cameraId: CameraId): Promise<boolean> {
    return ((await this.dataSource.query('SELECT FROM cameras WHERE id = $1', [cameraId])) as unknown[]).length > 0;
  }

  async #look(path: string, nowMs: number): Promise<Stray> {
    const name = nameOf(path, nowMs);
    // A copy in another place: the index has the one that it was told of.
    if (name === null || (await this.#isElsewhere(name.id, path))) return { kind: 'foreign' };
    if (name.isOpen) return { kind: 'open' };
    const segment = await this.#read(path, name);
    return segment ? { kind: 'whole', segment } : { kind: 'damaged' };
  }

  async #isElsewhere(id: SegmentId, path: string): Promise<boolean> {
    return ((await this.dataSource.query('SELECT FROM recording_segments WHERE id = $1 AND path <> $2', [id, path])) as unknown[]).length > 0;
  }

  /** null: not whole, not to be read, gone meanwhile, or a link that leads out. */
  async #read(path: string, name: StrayName): Promise<RecordingSegment | null> {
    try {
      const file = await this.folder.openFootage(path);
      try {
        return segmentOf(path, name, await walkSegment(file));
      } finally {
        await file.close();
      }
    } catch (error) {
      // A file on a bad piece of the disk must not end the comparison of all others.
      if (error instanceof FootageFileError || error instanceof FootageDiskError) return null;
      throw error;
    }
  }
}

function noFootage(error: unknown): null {
  if (error instanceof FootageFileError) return null;
  throw error;
}

/** Whether a file is named as the engine names footage. */
export const isFootagePath = (path: string): boolean => PATH.test(path);

/** null: no file of footage is called so. One of the future would outlive every limit of days. */
function nameOf(path: string, nowMs: number): StrayName | null {
  const [, camera, day, start, segment, part] = PATH.exec(path) ?? [];
  const [cameraId, id, startMs] = [CameraId.safeParse(camera).data, SegmentId.safeParse(segment).data, Number(start)];
  if (cameraId === undefined || id === undefined || !(startMs <= nowMs) || isoTime(startMs).slice(0, 10) !== day) return null;
  return { cameraId, id, startMs, isOpen: part !== undefined };
}

/** Which of the camera's connections it was nobody knows any more: its first, as the engine says of what it repairs. What moved in it, neither. */
function segmentOf(path: string, { cameraId, id, startMs }: StrayName, walked: WalkedSegment | null): RecordingSegment | null {
  if (walked === null) return null;
  const { head, fragments, bytes, problem } = walked;
  const last = fragments.at(-1);
  const lastedMs = last === undefined ? Infinity : last.startMs + last.durationMs;
  if (problem !== null || head === null || lastedMs > LONGEST_MS || fragments.length > MOST_FRAGMENTS) return null;
  const { codec, codecString, width, height, hasAudio, id: headId } = head;
  const motion = Array.from({ length: Math.max(1, Math.ceil(lastedMs / 1000)) }, () => 0);
  const times = { startAt: isoTime(startMs), endAt: isoTime(startMs + lastedMs) };
  return RecordingSegment.safeParse({ id, cameraId, path, ...times, bytes, codec, codecString, width, height, hasAudio, headId, connection: 1, fragments: [...fragments], motion, pictures: [] }).data ?? null;
}
