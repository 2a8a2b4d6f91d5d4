import { HarvestRecipe, type HarvestPreview, type HarvestRecipeId, type HarvestRun, type HarvestRunId, type HarvestRunQuery, type Page, type PageQuery, type SavedHarvestRecipe } from '@argus/contracts';
import { CameraEntity, HarvestRecipeEntity, HarvestRunEntity, nameKeyOf } from '@argus/database';
import { calendarIntervals, camerasChosen, nextRunAfter } from '@argus/harvest';
import { newId, type Clock } from '@argus/kernel';
import { Inject, Injectable } from '@nestjs/common';
import { ArrayContainedBy, DataSource, LessThan, type EntityManager } from 'typeorm';
import { AuditTrail } from '../audit/audit-trail.js';
import { mayOn } from '../auth/camera-access.js';
import { may, type Principal } from '../auth/principal.js';
import { DatasetsService } from '../datasets/datasets.service.js';
import { NotFoundError } from '../http/errors.js';
import { idAfter, pageById } from '../http/page-by-id.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK } from '../tokens.js';
import { HarvestStateError, NoCamerasError, OriginalPicturesError, RecipeNameTakenError } from './errors.js';
import { previewHarvest, previewVideos } from './harvest-preview.js';
import { recipeOf, runOf } from './harvest-rows.js';
import { HarvestWakeUps } from './harvest-wake-ups.js';
import { requireMayRead, VideoSources } from './video-sources.js';

const CANCEL = `UPDATE harvest_runs SET state = 'cancelled', ended_at = $2, claim = NULL, claimed_until = NULL WHERE id = $1 AND state IN ('queued', 'running')`;
/** The start moves on by the pause: how fast it is, and how long the rest takes, is reckoned by time at work. */
const RESUME = `UPDATE harvest_runs SET state = CASE WHEN is_planned THEN 'running' ELSE 'queued' END, started_at = started_at + coalesce($2::timestamptz - ended_at, interval '0'), ended_at = NULL, problem = NULL, attempts = 0 WHERE id = $1 AND state IN ('failed', 'cancelled')`;
const RETRY_PARTS = `UPDATE harvest_parts SET state = 'queued', attempts = 0, claim = NULL, claimed_until = NULL WHERE run_id = $1 AND state <> 'done'`;

/** Of recipes, for who has limits: of cameras, and into a set that is seen as `maySee` has it. */
const SEEN = `coalesce(r.recipe#>>'{source,kind}', 'cameras') = 'cameras' AND NOT EXISTS (
  SELECT FROM datasets AS target WHERE target.id = (r.recipe->>'datasetId')::uuid AND (target.has_unknown_cameras OR NOT target.camera_ids <@ :recordings::uuid[]))`;
const UNDER_WAY = `SELECT run_id AS id, coalesce(sum((cursor->>'share')::float), 0)::float AS files FROM harvest_parts WHERE run_id = ANY ($1) AND state IN ('queued', 'running') AND cursor IS NOT NULL GROUP BY run_id`;

const NOTHING_DONE = {
  state: 'queued' as const, isPlanned: false, segmentsTotal: 0, segmentsDone: 0, segmentsFailed: 0, segmentsRejected: 0, added: 0, known: 0, near: 0, bytes: 0,
  problem: null, troubles: [], startedAt: null, endedAt: null, attempts: 0, claim: null, claimedUntil: null,
};

/** Recipes and their runs as people ask for them; workers do the work. */
@Injectable()
export class HarvestService {
  constructor(
    private readonly dataSource: DataSource,
    private readonly datasets: DatasetsService,
    private readonly audit: AuditTrail,
    private readonly changes: ChangeBus,
    private readonly wakeUps: HarvestWakeUps,
    private readonly videos: VideoSources,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Without those of video files and of sets that the caller does not see, as if they were not there. */
  async listRecipes(query: PageQuery, caller: Principal): Promise<Page<SavedHarvestRecipe>> {
    const after = idAfter(query) as HarvestRecipeId | undefined;
    const { recordings } = caller.access;
    const seen = this.dataSource.getRepository(HarvestRecipeEntity).createQueryBuilder('r').orderBy('r.id', 'DESC').take(query.limit + 1);
    if (after) seen.andWhere('r.id < :after', { after });
    if (recordings !== null) seen.andWhere(SEEN, { recordings });
    return pageById(await seen.getMany(), query, recipeOf);
  }

  async getRecipe(id: HarvestRecipeId, caller: Principal): Promise<SavedHarvestRecipe> {
    return recipeOf(await this.#requireRecipe(id, caller));
  }

  /** @throws NamePatternError, CalendarError, RecipeNameTakenError, OriginalPicturesError, NotFoundError */
  async createRecipe(recipe: HarvestRecipe, caller: Principal): Promise<SavedHarvestRecipe> {
    await this.#check(recipe, caller);
    const now = new Date(this.clock.nowMs());
    const row = this.dataSource.manager.create(HarvestRecipeEntity, { id: newId<HarvestRecipeId>(), ...this.#columnsOf(recipe, caller), createdBy: caller.name, createdAt: now });
    await this.dataSource.transaction(async (manager) => {
      if (await manager.existsBy(HarvestRecipeEntity, { nameKey: row.nameKey })) throw new RecipeNameTakenError(recipe.name);
      await manager.insert(HarvestRecipeEntity, row);
      await this.audit.record(caller, { action: 'harvest.create', subject: 'harvest-recipe', subjectId: row.id, details: recipe }, manager);
    });
    this.changes.announce('harvest');
    return recipeOf(row);
  }

  /** Whoever changes it answers for its next runs: they have his rights. @throws as createRecipe */
  async updateRecipe(id: HarvestRecipeId, recipe: HarvestRecipe, caller: Principal): Promise<SavedHarvestRecipe> {
    await this.#requireRecipe(id, caller);
    await this.#check(recipe, caller);
    const columns = this.#columnsOf(recipe, caller);
    await this.dataSource.transaction(async (manager) => {
      const other = await manager.findOneBy(HarvestRecipeEntity, { nameKey: columns.nameKey });
      if (other !== null && other.id !== id) throw new RecipeNameTakenError(recipe.name);
      await manager.update(HarvestRecipeEntity, { id }, columns);
      await this.audit.record(caller, { action: 'harvest.update', subject: 'harvest-recipe', subjectId: id, details: recipe }, manager);
    });
    this.changes.announce('harvest');
    return this.getRecipe(id, caller);
  }

  async removeRecipe(id: HarvestRecipeId, caller: Principal): Promise<void> {
    const { recipe } = await this.#requireRecipe(id, caller);
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.#requireIdle(id, manager))) throw new NotFoundError('harvest-recipe', id);
      await manager.delete(HarvestRecipeEntity, { id });
      await manager.query('DELETE FROM harvest_taken WHERE recipe_id = $1', [id]);
      await manager.query('DELETE FROM harvest_videos WHERE recipe_id = $1', [id]);
      await this.audit.record(caller, { action: 'harvest.delete', subject: 'harvest-recipe', subjectId: id, details: { name: recipe.name } }, manager);
    });
    this.changes.announce('harvest');
  }

  /** @throws NamePatternError, CalendarError, NotFoundError */
  async preview(recipe: HarvestRecipe, caller: Principal): Promise<HarvestPreview> {
    if (recipe.datasetId !== null) await this.datasets.require(recipe.datasetId, caller);
    if (recipe.source.kind === 'cameras') return previewHarvest(this.dataSource, recipe, null, await this.#camerasOf(recipe, caller), this.clock.nowMs());
    await this.videos.check(recipe.source, caller);
    return previewVideos(this.dataSource, recipe, await this.videos.survey(recipe.source));
  }

  /** Of cameras whose recordings the caller may look at. @throws HarvestStateError while it runs, NoCamerasError, OriginalPicturesError */
  async start(id: HarvestRecipeId, caller: Principal): Promise<HarvestRun> {
    const recipe = HarvestRecipe.parse((await this.#requireRecipe(id, caller)).recipe);
    await this.#check(recipe, caller);
    const cameras = await this.#camerasOf(recipe, caller);
    const ofVideos = recipe.source.kind !== 'cameras';
    if (cameras.length === 0 && !ofVideos) throw new NoCamerasError();
    const row = this.dataSource.manager.create(HarvestRunEntity, {
      ...NOTHING_DONE,
      id: newId<HarvestRunId>(),
      recipeId: id,
      recipe,
      cameraIds: cameras.map((camera) => camera.id),
      ofVideos,
      datasetId: recipe.datasetId,
      createdBy: caller.name,
      createdAt: new Date(this.clock.nowMs()),
    });
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.#requireIdle(id, manager))) throw new NotFoundError('harvest-recipe', id);
      await manager.insert(HarvestRunEntity, row);
      await this.audit.record(caller, { action: 'harvest.run', subject: 'harvest-run', subjectId: row.id, details: { recipe: recipe.name, ...(ofVideos ? { source: recipe.source } : { cameras: cameras.map(({ name }) => name).slice(0, 100), masked: recipe.masked }) } }, manager);
    });
    await this.wakeUps.wake(row.id);
    return runOf(row, this.clock.nowMs());
  }

  /** A run that could not even begin: so that whoever looks for it learns why. */
  async recordFailure({ id, recipe, createdBy }: HarvestRecipeEntity, problem: string): Promise<void> {
    const now = new Date(this.clock.nowMs());
    await this.dataSource.getRepository(HarvestRunEntity).insert({ ...NOTHING_DONE, id: newId<HarvestRunId>(), recipeId: id, recipe, cameraIds: [], ofVideos: recipe.source !== undefined && recipe.source.kind !== 'cameras', datasetId: recipe.datasetId, state: 'failed', problem, createdBy, createdAt: now, endedAt: now });
    this.changes.announce('harvest');
  }

  /** Runs of cameras that the caller may not look at are left out, as if they were not there. */
  async listRuns(query: HarvestRunQuery, caller: Principal): Promise<Page<HarvestRun>> {
    const after = idAfter(query) as HarvestRunId | undefined;
    const { recordings } = caller.access;
    const where = { ...(query.recipe ? { recipeId: query.recipe } : {}), ...(recordings === null ? {} : { cameraIds: ArrayContainedBy(recordings), ofVideos: false }), ...(after ? { id: LessThan(after) } : {}) };
    const rows = await this.dataSource.getRepository(HarvestRunEntity).find({ where, order: { id: 'DESC' }, take: query.limit + 1 });
    const underWay = await this.#underWay(rows);
    return pageById(rows, query, (row) => runOf(row, this.clock.nowMs(), underWay.get(row.id)));
  }

  async getRun(id: HarvestRunId, caller: Principal): Promise<HarvestRun> {
    const row = await this.#requireRun(id, caller);
    return runOf(row, this.clock.nowMs(), (await this.#underWay([row])).get(id));
  }

  /** Films last for hours: what is done of those that are being read counts, too. */
  async #underWay(rows: readonly HarvestRunEntity[]): Promise<Map<HarvestRunId, number>> {
    const ids = rows.filter(({ ofVideos, state }) => ofVideos && state === 'running').map(({ id }) => id);
    const sums = ids.length === 0 ? [] : ((await this.dataSource.query(UNDER_WAY, [ids])) as { id: HarvestRunId; files: number }[]);
    return new Map(sums.map(({ id, files }) => [id, files]));
  }

  /** Workers stop behind the segment that they are at; what was taken stays. @throws HarvestStateError when it is over */
  async cancel(id: HarvestRunId, caller: Principal): Promise<HarvestRun> {
    return this.#changeRun(id, caller, 'harvest.cancel', CANCEL, [new Date(this.clock.nowMs())], 'only one that waits or works can be stopped');
  }

  /** With the rights of whoever goes on with it. @throws HarvestStateError unless it failed or was stopped; OriginalPicturesError, NotFoundError for its set */
  async resume(id: HarvestRunId, caller: Principal): Promise<HarvestRun> {
    const { recipeId, datasetId, ...row } = await this.#requireRun(id, caller);
    const recipe = HarvestRecipe.parse(row.recipe);
    requireMayRead(recipe.source.kind, caller);
    if (!recipe.masked && !may(caller, 'recording.original')) throw new OriginalPicturesError();
    if (datasetId !== null) await this.datasets.require(datasetId, caller);
    const run = await this.#changeRun(id, caller, 'harvest.resume', RESUME, [new Date(this.clock.nowMs())], 'only one that failed or was stopped can be gone on with', async (manager) => {
      await this.#requireIdle(recipeId, manager);
      await manager.query(RETRY_PARTS, [id]);
    });
    await this.wakeUps.wake(id);
    return run;
  }

  async #changeRun(id: HarvestRunId, caller: Principal, action: string, sql: string, values: readonly unknown[], wanted: string, before?: (manager: EntityManager) => Promise<void>): Promise<HarvestRun> {
    const { state } = await this.#requireRun(id, caller);
    await this.dataSource.transaction(async (manager) => {
      await before?.(manager);
      const [, count] = (await manager.query(sql, [id, ...values])) as [unknown[], number];
      if (count === 0) throw new HarvestStateError(wanted, state);
      await this.audit.record(caller, { action, subject: 'harvest-run', subjectId: id }, manager);
    });
    this.changes.announce('harvest');
    return this.getRun(id, caller);
  }

  async #requireRecipe(id: HarvestRecipeId, { access: { recordings } }: Principal): Promise<HarvestRecipeEntity> {
    const found = this.dataSource.getRepository(HarvestRecipeEntity).createQueryBuilder('r').where({ id });
    const row = await (recordings === null ? found : found.andWhere(SEEN, { recordings })).getOne();
    if (row === null) throw new NotFoundError('harvest-recipe', id);
    return row;
  }

  async #requireRun(id: HarvestRunId, caller: Principal): Promise<HarvestRunEntity> {
    const row = await this.dataSource.getRepository(HarvestRunEntity).findOneBy({ id });
    if (row === null || (row.ofVideos && caller.access.recordings !== null) || !row.cameraIds.every((cameraId) => mayOn(caller, 'recordings', cameraId))) throw new NotFoundError('harvest-run', id);
    return row;
  }

  /** Who asks at the same moment waits for the end of the transaction. Answers whether the recipe is still there. */
  async #requireIdle(recipeId: HarvestRecipeId, manager: EntityManager): Promise<boolean> {
    const [known] = (await manager.query('SELECT 1 FROM harvest_recipes WHERE id = $1 FOR UPDATE', [recipeId])) as unknown[];
    const running = await manager.findOneBy(HarvestRunEntity, [{ recipeId, state: 'queued' }, { recipeId, state: 'running' }]);
    if (running) throw new HarvestStateError('a recipe runs once at a time; stop it first or wait for its end', running.state);
    return known !== undefined;
  }

  /** @throws what is wrong with it */
  async #check(recipe: HarvestRecipe, caller: Principal): Promise<void> {
    await this.videos.check(recipe.source, caller);
    if (!recipe.masked && !may(caller, 'recording.original')) throw new OriginalPicturesError();
    camerasChosen(recipe.cameras, []);
    const nowMs = this.clock.nowMs();
    calendarIntervals(recipe.calendar, { zone: 'UTC', nowMs, within: { startMs: nowMs, endMs: nowMs } });
    if (recipe.datasetId !== null) await this.datasets.require(recipe.datasetId, caller);
  }

  /** None for video files. */
  async #camerasOf(recipe: HarvestRecipe, caller: Principal): Promise<CameraEntity[]> {
    if (recipe.source.kind !== 'cameras') return [];
    const all = await this.dataSource.getRepository(CameraEntity).find({ order: { name: 'ASC', id: 'ASC' } });
    return camerasChosen(recipe.cameras, all.filter(({ id }) => mayOn(caller, 'recordings', id)));
  }

  #columnsOf(recipe: HarvestRecipe, caller: Principal): Pick<HarvestRecipeEntity, 'nameKey' | 'recipe' | 'ownerKind' | 'ownerId' | 'updatedAt' | 'nextRunAt'> {
    const nowMs = this.clock.nowMs();
    return { nameKey: nameKeyOf(recipe.name), recipe, ownerKind: caller.kind, ownerId: caller.id, updatedAt: new Date(nowMs), nextRunAt: nextRunAfter(recipe, nowMs) };
  }
}
