import { Readable } from 'node:stream';
import type { CameraId, FootageQuery, Timeline, TimelineQuery } from '@argus/contracts';
import { CameraEntity } from '@argus/database';
import { isoTime, messageOf, type Logger } from '@argus/kernel';
import { FootageRange, type RecordingsFolder } from '@argus/storage';
import type { DataSource } from 'typeorm';
import type { AuditTrail } from '../audit/audit-trail.js';
import { mayOn, requireOn } from '../auth/camera-access.js';
import { may, type Principal } from '../auth/principal.js';
import { InvalidRequestError, NotFoundError } from '../http/errors.js';
import { cameraTimeline } from './camera-timeline.js';
import { NoFootageError } from './errors.js';
import { chooseFootage } from './footage-choice.js';
import { footageFileName } from './footage-file-name.js';
import type { SegmentRepository } from './segment-repository.js';

export interface RecordingsServiceOptions {
  readonly dataSource: DataSource;
  readonly segments: SegmentRepository;
  readonly folder: RecordingsFolder;
  readonly audit: Pick<AuditTrail, 'record'>;
  readonly log: Logger;
}

/** Footage on its way out. Whoever stops reading `body` closes the file that is open. */
export interface FootageAnswer {
  readonly body: Readable;
  readonly byteLength: number;
  readonly contentType: string;
  readonly fileName: { readonly plain: string; readonly encoded: string };
  /** When the first picture was taken. */
  readonly startAt: string;
  /** Where the rest of the range begins, which a decoder has to be set up for anew; null: all is here. */
  readonly nextFrom: string | null;
}

const HOUR_MS = 3_600_000;
const LONGEST_TIMELINE_MS = 31 * 24 * HOUR_MS;
const LONGEST_FOOTAGE_MS = 6 * HOUR_MS;
/** Segments are about as long: with shorter buckets their peaks say too little. */
const COARSE_BUCKET_MS = 10_000;
/** What may stand in a header. */
const CODECS = /^[\w.,+ -]+$/;

/** What there is of the past, and the past itself. */
export class RecordingsService {
  constructor(private readonly options: RecordingsServiceOptions) {}

  /** Cameras whose recordings the caller may not see are left out, as if they were not there; marks are for those who may read events. */
  async timeline({ camera, from, to, buckets }: TimelineQuery, caller: Principal): Promise<Timeline> {
    const { fromMs, toMs } = requireRange(from, to, LONGEST_TIMELINE_MS, '31 days');
    const { segments } = this.options;
    const cameraIds = [...new Set(camera)].filter((id) => mayOn(caller, 'recordings', id));
    const range = { cameraIds, fromMs, toMs };
    const [breaks, coarse, motion, marks] = await Promise.all([
      segments.breaks(range),
      segments.buckets(range, buckets),
      (toMs - fromMs) / buckets < COARSE_BUCKET_MS ? segments.motion(range) : null,
      may(caller, 'event.read') ? segments.marks(range) : [],
    ]);
    const cameras = cameraIds.map((id) => cameraTimeline(id, { fromMs, toMs, buckets }, { breaks, buckets: coarse, motion, marks }));
    return { from: isoTime(fromMs), to: isoTime(toMs), cameras };
  }

  /** @throws InvalidRequestError, NotFoundError, NoFootageError, FootageFileError; all before the first byte */
  async footage(cameraId: CameraId, { from, to }: FootageQuery, caller: Principal): Promise<FootageAnswer> {
    const { segments, folder, audit, log } = this.options;
    const { fromMs, toMs } = requireRange(from, to, LONGEST_FOOTAGE_MS, 'six hours');
    const camera = await this.#requireCamera(cameraId, caller);
    await audit.record(caller, { action: 'footage.view', subject: 'camera', subjectId: cameraId, details: { from: isoTime(fromMs), to: isoTime(toMs) } });
    const parts = chooseFootage(await segments.footage(cameraId, fromMs, toMs), fromMs, toMs);
    const [first] = parts;
    if (!first) throw new NoFootageError(cameraId, fromMs, toMs, await segments.nearest(cameraId, fromMs, toMs));
    const range = await FootageRange.open(folder, parts);
    const next = parts[range.length];
    const body = Readable.from(range.pieces(), { objectMode: false });
    body.on('error', (error) => log.warn('footage could not be sent to its end', { cameraId, error: messageOf(error) }));
    return {
      body,
      byteLength: range.byteLength,
      contentType: CODECS.test(first.codecString) ? `video/mp4; codecs="${first.codecString}"` : 'video/mp4',
      fileName: footageFileName(camera?.name ?? cameraId, first.startMs),
      startAt: isoTime(first.startMs),
      nextFrom: next ? isoTime(next.startMs) : null,
    };
  }

  /** null: it is gone and its footage is still there. @throws NotFoundError also for what lies outside of the caller's scope, CameraRightError */
  async #requireCamera(id: CameraId, caller: Principal): Promise<CameraEntity | null> {
    const { dataSource, segments } = this.options;
    requireOn(caller, 'recordings', id);
    const camera = await dataSource.getRepository(CameraEntity).findOneBy({ id });
    const { before, after } = camera ? { before: null, after: null } : await segments.nearest(id, 0, 0);
    if (!camera && !before && !after) throw new NotFoundError('camera', id);
    return camera;
  }
}

function requireRange(from: string, to: string, mostMs: number, most: string): { fromMs: number; toMs: number } {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (toMs <= fromMs) throw InvalidRequestError.ofField('to', 'expected a time after `from`');
  if (toMs - fromMs > mostMs) throw InvalidRequestError.ofField('to', `expected at most ${most} after \`from\``);
  return { fromMs, toMs };
}
