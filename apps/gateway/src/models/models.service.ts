import type { ModelId, ModelSummary, Page, PageQuery } from '@argus/contracts';
import { ModelEntity } from '@argus/database';
import { messageOf, type Clock, type Logger } from '@argus/kernel';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Subscription } from 'rxjs';
import { DataSource, MoreThan } from 'typeorm';
import { EngineState } from '../engine/engine-state.js';
import { CursorError } from '../events/newest-first.js';
import { ChangeBus } from '../realtime/change-bus.js';
import { CLOCK, LOGGER } from '../tokens.js';

/** Model packages as the engine last reported them. */
@Injectable()
export class ModelsService implements OnModuleInit, OnApplicationShutdown {
  #subscription: Subscription | null = null;

  constructor(
    private readonly dataSource: DataSource,
    private readonly engine: EngineState,
    private readonly changes: ChangeBus,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    this.#subscription = this.engine.modelChanges.subscribe((models) => void this.#save(models));
  }

  onApplicationShutdown(): void {
    this.#subscription?.unsubscribe();
  }

  async list(query: PageQuery): Promise<Page<ModelSummary>> {
    const after = query.cursor === undefined ? undefined : (Buffer.from(query.cursor, 'base64url').toString('utf8') as ModelId);
    if (after !== undefined && !/^[a-z0-9.-]+$/.test(after)) throw new CursorError('cursor: expected the nextCursor of an earlier page, as it came');
    const rows = await this.dataSource.getRepository(ModelEntity).find({ where: after ? { id: MoreThan(after) } : {}, order: { id: 'ASC' }, take: query.limit + 1 });
    const shown = rows.slice(0, query.limit);
    const last = shown.at(-1);
    return { items: shown.map((row) => row.summary), nextCursor: rows.length > query.limit && last ? Buffer.from(last.id).toString('base64url') : null };
  }

  /** The engine's list is whole: what is not on it is gone. An empty list is one that is still being made. */
  async #save(models: readonly ModelSummary[]): Promise<void> {
    if (models.length === 0) return;
    const now = new Date(this.clock.nowMs());
    try {
      await this.dataSource.transaction(async (manager) => {
        await manager.query('DELETE FROM models WHERE NOT (id = ANY($1::text[]))', [models.map((model) => model.id)]);
        const upsert = `INSERT INTO models (id, version, summary, created_at, updated_at) VALUES ($1, $2, $3::jsonb, $4, $4)
          ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version, summary = EXCLUDED.summary, updated_at = EXCLUDED.updated_at`;
        for (const model of models) await manager.query(upsert, [model.id, model.version, JSON.stringify(model), now]);
      });
      this.changes.announce('model');
    } catch (error) {
      this.log.warn('the engine\'s models were not stored; its next change is tried again', { error: messageOf(error) });
    }
  }
}
