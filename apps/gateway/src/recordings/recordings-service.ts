import type { CameraId, FootageObjects, FootagePlan, FootageQuery, Timeline, TimelineQuery } from '@argus/contracts';
import { CameraEntity, unpackPictures } from '@argus/database';
import { planFootage } from '@argus/footage';
import { isoTime, type Clock } from '@argus/kernel';
import type { TieredFootage } from '@argus/storage';
import type { DataSource } from 'typeorm';
import type { AuditTrail } from '../audit/audit-trail.js';
import { mayOn, requireOn } from '../auth/camera-access.js';
import { may, type Principal } from '../auth/principal.js';
import { InvalidRequestError, NotFoundError } from '../http/errors.js';
import { cameraTimeline } from './camera-timeline.js';
import { NoFootageError } from './errors.js';
import { Film } from './film.js';
import { LookAudit } from './look-audit.js';
import { requireOriginalRight } from './original-footage.js';
import type { SegmentRepository } from './segment-repository.js';

export interface RecordingsServiceOptions {
  readonly dataSource: DataSource;
  readonly segments: SegmentRepository;
  readonly footage: Pick<TieredFootage, 'open'>;
  readonly audit: Pick<AuditTrail, 'record' | 'amend'>;
  readonly clock: Clock;
}

/** A film, and how its camera is called. */
export interface FilmOfCamera {
  readonly film: Film;
  readonly cameraName: string;
}

const HOUR_MS = 3_600_000;
const LONGEST_TIMELINE_MS = 31 * 24 * HOUR_MS;
const LONGEST_FOOTAGE_MS = 6 * HOUR_MS;
const LONGEST_OBJECTS_MS = 600_000;
/** Segments are about as long: with shorter buckets their peaks say too little. */
const COARSE_BUCKET_MS = 10_000;

/** What there is of the past, and the past itself. */
export class RecordingsService {
  readonly #looks: LookAudit;

  constructor(private readonly options: RecordingsServiceOptions) {
    this.#looks = new LookAudit(options.audit, options.clock);
  }

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

  /** What a film of the range would be. As a timeline it tells when there is footage, and nothing of what is in it: no look at footage. @throws as `film` */
  async footagePlan(cameraId: CameraId, query: FootageQuery, caller: Principal): Promise<FootagePlan> {
    return (await this.#film(cameraId, query, caller)).film.describe();
  }

  /** @param continues the caller asks for more of a film that it has begun to read. @throws InvalidRequestError, NotFoundError, NoFootageError */
  film(cameraId: CameraId, query: FootageQuery, caller: Principal, continues = false): Promise<FilmOfCamera> {
    return this.#film(cameraId, query, caller, (range) => this.#looks.note({ action: 'footage.view', cameraId, ...range }, caller, continues));
  }

  /** @throws InvalidRequestError, NotFoundError */
  async footageObjects(cameraId: CameraId, { from, to }: FootageQuery, caller: Principal): Promise<FootageObjects> {
    const { segments } = this.options;
    const { fromMs, toMs } = requireRange(from, to, LONGEST_OBJECTS_MS, 'ten minutes');
    await this.#requireCamera(cameraId, caller);
    await this.#looks.note({ action: 'footage.objects', cameraId, fromMs, toMs }, caller);
    const rows = await segments.pictures(cameraId, fromMs, toMs);
    const pictures = rows.flatMap(({ start_at, pictures: packed }) => unpackPictures(packed).map(({ atMs, objects }) => ({ atMs: start_at.getTime() + atMs, objects })));
    return { pictures: pictures.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ atMs, objects }) => ({ at: isoTime(atMs), objects })) };
  }

  async #film(cameraId: CameraId, { from, to }: FootageQuery, caller: Principal, look: (range: { fromMs: number; toMs: number }) => Promise<void> = async () => undefined): Promise<FilmOfCamera> {
    const { segments, footage } = this.options;
    const { fromMs, toMs } = requireRange(from, to, LONGEST_FOOTAGE_MS, 'six hours');
    const camera = await this.#requireCamera(cameraId, caller);
    requireOriginalRight(camera, fromMs, caller);
    await look({ fromMs, toMs });
    const plan = planFootage(await segments.footage(cameraId, fromMs, toMs), fromMs, toMs);
    if (!plan) throw new NoFootageError(cameraId, fromMs, toMs, await segments.nearest(cameraId, fromMs, toMs));
    // A film begins with the key frame before: it may be of a time in which there were masks.
    requireOriginalRight(camera, plan.startMs, caller);
    return { film: new Film(plan, (path) => footage.open(path)), cameraName: camera?.name ?? cameraId };
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
