import type { HarvestRecipeId } from '@argus/contracts';
import { HarvestRecipeEntity } from '@argus/database';
import { nextRunAfter } from '@argus/harvest';
import { messageOf, Rounds, type Clock, type Logger } from '@argus/kernel';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Authenticator } from '../auth/authenticator.js';
import { may } from '../auth/principal.js';
import { CLOCK, LOGGER } from '../tokens.js';
import { HarvestStateError } from './errors.js';
import { HarvestService } from './harvest.service.js';

const LOOK_EVERY_MS = 15_000;
/** The next time is set before the run is begun: a gateway that dies in between leaves one run out, and none is begun twice. */
const TAKE = 'UPDATE harvest_recipes SET next_run_at = $2 WHERE id = $1 AND next_run_at = $3';

/** Begins the runs of recipes that repeat by themselves, with the rights that their owners have at that moment. */
@Injectable()
export class HarvestSchedule implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #rounds = new Rounds(() => this.look().then(() => LOOK_EVERY_MS));

  constructor(
    private readonly dataSource: DataSource,
    private readonly harvest: HarvestService,
    private readonly authenticator: Authenticator,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.#rounds.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#rounds.stop();
  }

  /** Never rejects. */
  async look(): Promise<void> {
    try {
      const now = new Date(this.clock.nowMs());
      const due = (await this.dataSource.query('SELECT id FROM harvest_recipes WHERE next_run_at <= $1 ORDER BY next_run_at LIMIT 100', [now])) as { id: HarvestRecipeId }[];
      for (const { id } of due) await this.#begin(id);
    } catch (error) {
      this.log.warn('harvest recipes that are due cannot be looked for, trying again soon', { error: messageOf(error) });
    }
  }

  async #begin(id: HarvestRecipeId): Promise<void> {
    const row = await this.dataSource.getRepository(HarvestRecipeEntity).findOneBy({ id });
    if (row === null || row.nextRunAt === null) return;
    const [, taken] = (await this.dataSource.query(TAKE, [id, nextRunAfter(row.recipe, this.clock.nowMs()), row.nextRunAt])) as [unknown[], number];
    if (taken === 0) return;
    try {
      const owner = await this.authenticator.findPrincipal(row.ownerKind, row.ownerId);
      if (owner === null || !may(owner, 'harvest.run')) throw new Error(`${row.createdBy}, with whose rights this recipe runs, is not there any more or may not harvest; save the recipe once more to take it over`);
      await this.harvest.start(id, owner);
    } catch (error) {
      // The last run is still at it: its cursor takes what is new later.
      if (error instanceof HarvestStateError) return this.log.info('a recipe is due, and its last run is not over', { recipeId: id });
      await this.harvest.recordFailure(row, messageOf(error));
    }
  }
}
