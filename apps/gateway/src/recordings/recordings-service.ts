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
import { hiddenObjects } from './hidden-objects.js';
import type { MaskedFilm, MaskedFilms } from './masked-films.js';
import { needsMasks, requireOriginalRight } from './original-footage.js';
import type { SegmentRepository } from './segment-repository.js';

export interface RecordingsServiceOptions {
  readonly dataSource: DataSource;
  readonly segments: SegmentRepository;
  readonly footage: Pick<TieredFootage, 'open'>;
  readonly maskedFilms: Pick<MaskedFilms, 'open'>;
  readonly audit: Pick<AuditTrail, 'record' | 'amend'>;
  readonly clock: Clock;
}

/** A film, and how its camera is called. */
export interface FilmOfCamera<F = Film | MaskedFilm> {
  readonly film: F;
  readonly cameraName: string;
}

export interface FilmReader {
  /** The caller asks for more of a film that it has begun to read. */
  readonly continues: boolean;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
}

const HOUR_MS = 3_600_000;
const LONGEST_TIMELINE_MS = 31 * 24 * HOUR_MS;
const LONGEST_FOOTAGE_MS = 6 * HOUR_MS;
/** A film with masks takes a place from others as long as it is made; what is longer is an export. A player's two minutes, rounded to milliseconds. */
const LONGEST_MASKED_MS = 120_010;
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
    return (await this.#film(cameraId, requireRange(query.from, query.to, LONGEST_FOOTAGE_MS, 'six hours'), caller)).film.describe();
  }

  /** As it was recorded, or with the camera's masks in it. @throws InvalidRequestError, NotFoundError, NoFootageError, OriginalFootageError, MaskedFilmError */
  async film(cameraId: CameraId, { from, to }: FootageQuery, caller: Principal, { continues, signal }: FilmReader): Promise<FilmOfCamera> {
    const range = requireRange(from, to, LONGEST_FOOTAGE_MS, 'six hours');
    const note = (masked: boolean) => this.#looks.note({ action: 'footage.view', cameraId, ...range, masked }, caller, continues);
    const { film, cameraName } = await this.#film(cameraId, range, caller, async (masked) => {
      if (masked) requireRange(from, to, LONGEST_MASKED_MS, 'two minutes: privacy masks are burnt in while it is sent, an export has more');
      await note(masked);
    });
    return { film: film.masked ? await this.options.maskedFilms.open({ cameraId, ...range }, signal) : film, cameraName };
  }

  /** Of what lies below a mask nothing is told to those who may not see it. @throws InvalidRequestError, NotFoundError, OriginalFootageError */
  async footageObjects(cameraId: CameraId, { from, to }: FootageQuery, caller: Principal): Promise<FootageObjects> {
    const { segments } = this.options;
    const { fromMs, toMs } = requireRange(from, to, LONGEST_OBJECTS_MS, 'ten minutes');
    const camera = await this.#requireCamera(cameraId, caller);
    const { notBeforeMs, isHidden } = hiddenObjects(camera, toMs, caller);
    await this.#looks.note({ action: 'footage.objects', cameraId, fromMs, toMs }, caller);
    const rows = await segments.pictures(cameraId, fromMs, toMs);
    const pictures = rows.flatMap(({ start_at, pictures: packed }) => unpackPictures(packed).map(({ atMs, objects }) => ({ atMs: start_at.getTime() + atMs, objects })));
    const told = pictures.filter(({ atMs }) => atMs >= Math.max(fromMs, notBeforeMs) && atMs < toMs);
    return { pictures: told.map(({ atMs, objects }) => ({ at: isoTime(atMs), objects: objects.filter((object) => !isHidden(object)) })) };
  }

  /** @param look told before anything is read whether masks are burnt in */
  async #film(cameraId: CameraId, { fromMs, toMs }: TimeRange, caller: Principal, look: (masked: boolean) => Promise<void> = async () => undefined): Promise<FilmOfCamera<Film>> {
    const { segments, footage } = this.options;
    const camera = await this.#requireCamera(cameraId, caller);
    const masked = needsMasks(camera, fromMs, caller);
    await look(masked);
    const plan = planFootage(await segments.footage(cameraId, fromMs, toMs), fromMs, toMs);
    if (!plan) throw new NoFootageError(cameraId, fromMs, toMs, await segments.nearest(cameraId, fromMs, toMs));
    // A film begins with the key frame before: it may be of a time in which there were masks.
    if (!masked) requireOriginalRight(camera, plan.startMs, caller);
    return { film: new Film(plan, (path) => footage.open(path), masked), cameraName: camera?.name ?? cameraId };
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

interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

function requireRange(from: string, to: string, mostMs: number, most: string): TimeRange {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  if (toMs <= fromMs) throw InvalidRequestError.ofField('to', 'expected a time after `from`');
  if (toMs - fromMs > mostMs) throw InvalidRequestError.ofField('to', `expected at most ${most} after \`from\``);
  return { fromMs, toMs };
}
