import { WakeUpQueue } from '@argus/jobs';
import { messageOf, type Logger } from '@argus/kernel';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ChangeBus } from '../realtime/change-bus.js';
import type { Settings } from '../settings.js';
import { LOGGER, SETTINGS } from '../tokens.js';

/** Tells workers that there is something to harvest; they also look by themselves every few seconds. */
@Injectable()
export class HarvestWakeUps implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #queue: WakeUpQueue;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly changes: ChangeBus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#queue = new WakeUpQueue({ databaseUrl: settings.databaseUrl, redisUrl: settings.redisUrl, log, name: 'harvest', work: null });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#queue.open();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#queue.close();
  }

  async wake(id: string): Promise<void> {
    this.changes.announce('harvest');
    await this.#queue.wake(id).catch((error: unknown) => this.log.warn('the worker could not be woken; it finds the run by itself', { runId: id, error: messageOf(error) }));
  }
}
