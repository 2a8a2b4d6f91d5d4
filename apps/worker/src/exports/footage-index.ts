import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CameraId, Fragment, StreamCodec } from '@argus/contracts';
import { FootageFile, FootageFileError, type FootageSource, type SegmentDescription } from '@argus/footage';
import type { BorrowedFile, FilmFootage } from '@argus/media';
import type { TieredFootage } from '@argus/storage';
import type { DataSource } from 'typeorm';
import { readCameraMasks, readMaskedAreas, type CameraMasks } from './camera-masks.js';
import { readRecordedPictures, type SeenPicture } from './recorded-pictures.js';

interface SegmentRow {
  readonly id: string;
  readonly path: string;
  readonly start_at: Date;
  readonly end_at: Date;
  readonly bytes: string;
  readonly codec: StreamCodec;
  readonly codec_string: string;
  readonly width: number;
  readonly height: number;
  readonly head_bytes: number;
  readonly head_id: string;
  readonly has_audio: boolean;
  readonly fragments: Fragment[];
}

/** A segment lasts some ten seconds; a broken clock must not make the search scan the whole index. */
const LONGEST_SEGMENT = `interval '1 hour'`;
const SEGMENTS = `
  SELECT id, path, start_at, end_at, bytes, codec, codec_string, width, height, head_bytes, head_id, has_audio, fragments FROM recording_segments
  WHERE camera_id = $1 AND start_at < $3 AND start_at > $2::timestamptz - ${LONGEST_SEGMENT} AND end_at > $2 ORDER BY start_at, id`;
const COPY_BYTES = 4 * 1024 * 1024;
/** Files looked at together. */
const AT_ONCE = 16;

/** Footage as the database knows it, and the disk or the second tier has it. */
export class FootageIndex implements FilmFootage {
  constructor(
    private readonly dataSource: DataSource,
    private readonly tiers: TieredFootage,
    readonly root: string,
  ) {}

  /** @throws FootageFileError, RemoteStoreError */
  open(path: string): Promise<FootageSource> {
    return this.tiers.open(path);
  }

  /** As it lies on the disk; from the second tier it is copied for as long as it is needed. */
  async borrow(path: string): Promise<BorrowedFile> {
    const file = await this.open(path);
    try {
      if (file instanceof FootageFile) return { path: join(this.root, path), giveBack: async () => undefined };
      return await copyOf(file);
    } finally {
      await file.close();
    }
  }

  /** What was seen by a camera. */
  pictures(cameraId: CameraId, fromMs: number, toMs: number): Promise<SeenPicture[]> {
    return readRecordedPictures(this.dataSource, cameraId, fromMs, toMs);
  }

  /** Privacy masks of a camera as they are now; null: it is gone. */
  masks(cameraId: CameraId, fromMs: number): Promise<CameraMasks | null> {
    return readCameraMasks(this.dataSource, cameraId, fromMs);
  }

  /** What is covered of a camera's pictures now; null: it is gone. */
  maskedAreas(cameraId: CameraId): Promise<CameraMasks['areas'] | null> {
    return readMaskedAreas(this.dataSource, cameraId);
  }

  /** Those of cameras that are still there. */
  async timeZones(cameraIds: readonly CameraId[]): Promise<ReadonlyMap<CameraId, string>> {
    const rows = (await this.dataSource.query('SELECT id, time_zone FROM cameras WHERE id = ANY ($1)', [cameraIds])) as { id: CameraId; time_zone: string }[];
    return new Map(rows.map(({ id, time_zone }) => [id, time_zone]));
  }

  /** Segments of a camera that reach into a stretch of time, oldest first. @throws FootageFileError for a file that is gone or lies elsewhere */
  async segments(cameraId: CameraId, fromMs: number, toMs: number): Promise<SegmentDescription[]> {
    const rows = (await this.dataSource.query(SEGMENTS, [cameraId, new Date(fromMs), new Date(toMs)])) as SegmentRow[];
    const segments: SegmentDescription[] = [];
    for (let at = 0; at < rows.length; at += AT_ONCE) segments.push(...(await Promise.all(rows.slice(at, at + AT_ONCE).map((row) => this.#describe(row)))));
    return segments;
  }

  async #describe(row: SegmentRow): Promise<SegmentDescription> {
    const file = await this.open(row.path);
    const end = row.fragments.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes), row.head_bytes);
    await file.close();
    if (file.size < end) throw FootageFileError.of(row.path, `${end} bytes`, `${file.size}`);
    return {
      id: row.id,
      path: row.path,
      startMs: row.start_at.getTime(),
      endMs: row.end_at.getTime(),
      bytes: Number(row.bytes),
      headBytes: row.head_bytes,
      headId: row.head_id,
      codec: row.codec,
      codecString: row.codec_string,
      width: row.width,
      height: row.height,
      hasAudio: row.has_audio,
      connection: null,
      fragments: row.fragments,
    };
  }
}

async function copyOf(file: FootageSource): Promise<BorrowedFile> {
  const folder = await mkdtemp(join(tmpdir(), 'argus-footage-'));
  const giveBack = () => rm(folder, { recursive: true, force: true }).catch(() => undefined);
  try {
    const path = join(folder, 'segment.mp4');
    for (let at = 0; at < file.size; at += COPY_BYTES) await appendFile(path, await file.read(at, Math.min(COPY_BYTES, file.size - at)));
    return { path, giveBack };
  } catch (error) {
    await giveBack();
    throw error;
  }
}
