import type { Annotation, ChangedSamples, ChangeSamples, CopySamples, DatasetId, Page, PickSamples, Sample, SampleDigestQuery, SampleDigests, SampleQuery, SampleSummary, WorkActivity } from '@argus/contracts';
import { DatasetEntity, SAMPLE_PARTS, sampleOf, SAMPLES, type SampleRow, COPIED_COLUMNS, labelsOf } from '@argus/database';
import { annotationTrouble } from '@argus/datasets';
import type { Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { may, type Principal } from '../auth/principal.js';
import { InvalidRequestError, NotFoundError } from '../http/errors.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { OriginalFootageError } from '../recordings/original-footage.js';
import { CLOCK } from '../tokens.js';
import { countWork } from '../work-times/count-work.js';
import { DatasetsService } from './datasets.service.js';
import { SamplePictures } from './sample-pictures.js';
import { pageOfOrder } from './page-of-order.js';
import { SampleRanks } from './sample-ranks.js';
import { afterCursor, conditionsOf, cursorOf, summariesOf, summaryOf, SUMMARY_COLUMNS, type SummaryRow } from './sample-rows.js';
import { yardstickOf } from './yardstick-of.js';

export interface SamplePicture {
  readonly content: Uint8Array;
  readonly mime: string;
}

interface PictureRow {
  readonly mime: string;
  readonly thumbnail: Buffer | null;
  readonly is_original: boolean;
}

/** The samples of a set. */
@Injectable()
export class SamplesService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly datasets: DatasetsService,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    private readonly pictures: SamplePictures,
    private readonly ranks: SampleRanks,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(id: DatasetId, query: SampleQuery, caller: Principal): Promise<Page<SampleSummary>> {
    const set = await this.datasets.require(id, caller);
    if (query.sort !== 'place') return this.#listRanked(set, query, query.sort);
    const cursor = query.after === undefined ? query.cursor : await this.#cursorAt(id, query.after);
    const { rows, nextCursor } = await this.#page<SummaryRow>(`${SUMMARY_COLUMNS} ${SAMPLES}`, id, { ...query, cursor });
    const yardstick = await yardstickOf(this.dataSource, set);
    return { items: rows.map((row) => summaryOf(row, yardstick)), nextCursor };
  }

  async listDigests(id: DatasetId, query: SampleDigestQuery, caller: Principal): Promise<Page<SampleDigests>> {
    const set = await this.datasets.require(id, caller);
    if (query.sort !== 'place') {
      const { sha256s, nextCursor } = pageOfOrder(await this.ranks.order(set, query.sort, query), query);
      return { items: sha256s.length === 0 ? [] : [{ group: '', sha256s: [...sha256s] }], nextCursor };
    }
    const { rows, nextCursor } = await this.#page<Pick<SummaryRow, 'sha256' | 'group_name' | 'wall_at' | 'seq'>>('s.sha256, s.group_name, s.wall_at, s.seq FROM dataset_samples AS s', id, query);
    const items: SampleDigests[] = [];
    for (const { group_name: group, sha256 } of rows) {
      if (items.at(-1)?.group !== group) items.push({ group, sha256s: [] });
      items.at(-1)?.sha256s.push(sha256.toString('hex'));
    }
    return { items, nextCursor };
  }

  async #listRanked(set: DatasetEntity, query: SampleQuery, sort: Exclude<SampleQuery['sort'], 'place'>): Promise<Page<SampleSummary>> {
    const { sha256s, nextCursor } = pageOfOrder(await this.ranks.order(set, sort, query), query);
    return { items: await summariesOf(this.dataSource, set, sha256s), nextCursor };
  }

  async #page<Row extends Pick<SummaryRow, 'group_name' | 'wall_at' | 'seq'>>(select: string, id: DatasetId, query: Omit<SampleQuery, 'after' | 'sort'>): Promise<{ rows: Row[]; nextCursor: string | null }> {
    const values: unknown[] = [id];
    const where = `${conditionsOf(query, values)} AND ${afterCursor(query, values)}`;
    values.push(query.limit + 1);
    const found = (await this.dataSource.query(`SELECT ${select} WHERE ${where} ORDER BY s.group_name, coalesce(s.wall_at, '-infinity'::timestamptz), s.seq LIMIT $${values.length}`, values)) as Row[];
    const rows = found.slice(0, query.limit);
    const last = rows.at(-1);
    return { rows, nextCursor: found.length > query.limit && last ? cursorOf(last) : null };
  }

  /** A sample that was taken out keeps its place. @throws NotFoundError */
  async #cursorAt(id: DatasetId, sha256: string): Promise<string> {
    const [row] = (await this.dataSource.query('SELECT group_name, wall_at, seq FROM dataset_samples WHERE dataset_id = $1 AND sha256 = $2', [id, bytesOf(sha256)])) as SummaryRow[];
    if (!row) throw new NotFoundError('sample', sha256);
    return cursorOf(row);
  }

  async get(id: DatasetId, sha256: string, caller: Principal): Promise<Sample> {
    await this.datasets.require(id, caller);
    const [row] = (await this.dataSource.query(`SELECT ${SAMPLE_PARTS}, s.annotations, s.attributes ${SAMPLES} WHERE s.dataset_id = $1 AND s.sha256 = $2`, [id, bytesOf(sha256)])) as SampleRow[];
    if (!row) throw new NotFoundError('sample', sha256);
    return sampleOf(row);
  }

  /** @throws NotFoundError, DatasetFileError, OriginalFootageError for a picture without the masks of its camera */
  async picture(id: DatasetId, sha256: string, size: 'original' | 'thumbnail', caller: Principal): Promise<SamplePicture> {
    await this.datasets.require(id, caller);
    const [row] = (await this.dataSource.query(
      `SELECT p.mime, p.thumbnail, s.is_original ${SAMPLES} WHERE s.dataset_id = $1 AND s.sha256 = $2`,
      [id, bytesOf(sha256)],
    )) as PictureRow[];
    if (!row) throw new NotFoundError('sample', sha256);
    if (row.is_original && !may(caller, 'recording.original')) throw new OriginalFootageError('this picture was taken of a camera with privacy masks, without them');
    const small = size === 'thumbnail' ? row.thumbnail : null;
    return { content: await this.pictures.read(small?.toString('hex') ?? sha256), mime: small ? 'image/jpeg' : row.mime };
  }

  /** @throws NotFoundError, InvalidRequestError for what is no place in the picture */
  async saveAnnotations(id: DatasetId, sha256: string, annotations: readonly Annotation[], caller: Principal): Promise<Sample> {
    const size = await this.get(id, sha256, caller);
    for (const [index, one] of annotations.entries()) {
      const trouble = annotationTrouble(one, size);
      if (trouble !== null) throw InvalidRequestError.ofField(`annotations.${index}`, trouble);
    }
    await this.#change(id, caller, 'dataset.label', { sha256, annotations: annotations.length }, null, (manager) =>
      manager.query('UPDATE dataset_samples SET annotations = $3, labels = $4 WHERE dataset_id = $1 AND sha256 = $2 AND removed_at IS NULL', [id, bytesOf(sha256), JSON.stringify(annotations), labelsOf(annotations)]),
    );
    return this.get(id, sha256, caller);
  }

  change(id: DatasetId, { sha256s, set }: ChangeSamples, caller: Principal): Promise<ChangedSamples> {
    const columns = (['split', 'complete', 'focus'] as const).filter((column) => set[column] !== undefined);
    if (columns.length === 0) return Promise.resolve({ changed: 0 });
    const values = columns.map((column) => set[column]);
    const looked = set.complete === undefined ? [] : [lookedAt(set.complete)];
    const assignments = [...columns.map((column, index) => `${column} = $${index + 3}`), ...looked.map(({ assignment }) => assignment)].join(', ');
    const isOther = [...columns.map((column, index) => `${column} IS DISTINCT FROM $${index + 3}`), ...looked.map(({ isOther: has }) => has)].join(' OR ');
    return this.#change(id, caller, 'dataset.change-samples', { samples: sha256s.length, set }, activityOf(set), (manager) =>
      manager.query(`UPDATE dataset_samples SET ${assignments} WHERE dataset_id = $1 AND sha256 = ANY ($2) AND removed_at IS NULL AND (${isOther})`, [id, sha256s.map(bytesOf), ...values]),
    );
  }

  /** They can be taken back in until the set is cleaned up. */
  remove(id: DatasetId, { sha256s }: PickSamples, caller: Principal): Promise<ChangedSamples> {
    return this.#change(id, caller, 'dataset.remove-samples', { samples: sha256s.length }, 'choosing', (manager) =>
      manager.query('UPDATE dataset_samples SET removed_at = $3 WHERE dataset_id = $1 AND sha256 = ANY ($2) AND removed_at IS NULL', [id, sha256s.map(bytesOf), new Date(this.clock.nowMs())]),
    );
  }

  restore(id: DatasetId, { sha256s }: PickSamples, caller: Principal): Promise<ChangedSamples> {
    return this.#change(id, caller, 'dataset.restore-samples', { samples: sha256s.length }, null, (manager) =>
      manager.query('UPDATE dataset_samples SET removed_at = NULL WHERE dataset_id = $1 AND sha256 = ANY ($2) AND removed_at IS NOT NULL', [id, sha256s.map(bytesOf)]),
    );
  }

  /** No picture is copied: both sets name the same content. What the set has already is left as it is. */
  async copy(id: DatasetId, { from, sha256s }: CopySamples, caller: Principal): Promise<ChangedSamples> {
    await this.datasets.require(from, caller);
    return this.#change(id, caller, 'dataset.copy-samples', { from, samples: sha256s.length }, 'choosing', async (manager) => {
      const [row] = await manager.query<{ changed: number }[]>(
        `WITH copied AS (
          INSERT INTO dataset_samples (dataset_id, sha256, ${COPIED_COLUMNS}, added_at) SELECT $1, sha256, ${COPIED_COLUMNS}, $4 FROM dataset_samples WHERE dataset_id = $2 AND sha256 = ANY ($3) AND removed_at IS NULL ORDER BY seq
          ON CONFLICT (dataset_id, sha256) DO UPDATE SET removed_at = NULL WHERE dataset_samples.removed_at IS NOT NULL RETURNING 1)
        SELECT count(*)::int AS changed FROM copied`,
        [id, from, sha256s.map(bytesOf), new Date(this.clock.nowMs())],
      );
      // Asked again: pictures of other cameras may have come into it since.
      await manager.query(
        `UPDATE datasets AS target SET camera_ids = (SELECT coalesce(array_agg(DISTINCT camera), '{}') FROM unnest(target.camera_ids || source.camera_ids) AS camera), has_unknown_cameras = target.has_unknown_cameras OR source.has_unknown_cameras
        FROM datasets AS source WHERE target.id = $1 AND source.id = $2`,
        [id, from],
      );
      return [undefined, row?.changed ?? 0];
    });
  }

  async #change(id: DatasetId, caller: Principal, action: string, details: Record<string, unknown>, activity: WorkActivity | null, change: (manager: EntityManager) => Promise<[unknown, number]>): Promise<ChangedSamples> {
    await this.datasets.require(id, caller);
    const changed = await this.dataSource.transaction(async (manager) => {
      // One after the other: changes of the same samples in opposite orders would wait for each other. Not by the row of the set, which workers take behind those of samples.
      await manager.query(`SELECT pg_advisory_xact_lock(hashtext('samples'), hashtext($1))`, [id]);
      const [, count] = await change(manager);
      if (count > 0) {
        await manager.increment(DatasetEntity, { id }, 'revision', 1);
        await manager.update(DatasetEntity, { id }, { updatedAt: new Date(this.clock.nowMs()) });
        await this.audit.record(caller, { action, subject: 'dataset', subjectId: id, details: { ...details, changed: count } }, manager);
        if (activity !== null) await countWork(manager, id, caller, { activity, pictures: count }, this.clock.nowMs());
      }
      return count;
    });
    if (changed > 0) this.changes.announce('dataset');
    return { changed };
  }
}

/** What somebody did who set this; to take a mark back is no work that counts. */
const activityOf = ({ complete, focus }: ChangeSamples['set']): WorkActivity | null => (complete === true ? 'reviewing' : focus === true ? 'choosing' : null);

const bytesOf = (sha256: string): Buffer => Buffer.from(sha256, 'hex');

/** Who says that everything in a picture has its label has looked at those of models; who takes that back has not. What people drew or changed stays as it is. */
function lookedAt(complete: boolean): { readonly assignment: string; readonly isOther: string } {
  const to = complete ? 'reviewed' : 'auto';
  const isMeant = complete ? `annotation->>'state' = 'auto'` : `annotation->>'state' = 'reviewed' AND annotation->>'score' IS NOT NULL`;
  return {
    assignment: `annotations = (SELECT coalesce(jsonb_agg(CASE WHEN ${isMeant} THEN jsonb_set(annotation, '{state}', '"${to}"') ELSE annotation END ORDER BY place), '[]') FROM jsonb_array_elements(annotations) WITH ORDINALITY AS each (annotation, place))`,
    isOther: `EXISTS (SELECT 1 FROM jsonb_array_elements(annotations) AS annotation WHERE ${isMeant})`,
  };
}
