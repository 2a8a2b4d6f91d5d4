import { join } from 'node:path';
import type { CameraId, Fragment, StreamCodec } from '@argus/contracts';
import { FootageFileError, type SegmentDescription } from '@argus/footage';
import type { RecordingsFolder } from '@argus/storage';
import type { DataSource } from 'typeorm';
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
/** Files looked at together. */
const AT_ONCE = 16;

/** Footage as the database knows it and the disk has it. */
export class FootageIndex {
  constructor(
    private readonly dataSource: DataSource,
    private readonly folder: RecordingsFolder,
  ) {}

  get root(): string {
    return this.folder.root;
  }

  /** What was seen by a camera. */
  pictures(cameraId: CameraId, fromMs: number, toMs: number): Promise<SeenPicture[]> {
    return readRecordedPictures(this.dataSource, cameraId, fromMs, toMs);
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
    // Opened by the folder: it follows no link that leads out of it.
    const file = await this.folder.openFootage(row.path);
    const end = row.fragments.reduce((most, { offset, bytes }) => Math.max(most, offset + bytes), row.head_bytes);
    await file.close();
    if (file.size < end) throw FootageFileError.of(row.path, `${end} bytes`, `${file.size}`);
    return {
      id: row.id,
      path: join(this.folder.root, row.path),
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
