import { WakeUpQueue } from '@argus/jobs';
import { messageOf, type Logger } from '@argus/kernel';
import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { ChangeBus } from '../realtime/change-bus.js';
import type { Settings } from '../settings.js';
import { LOGGER, SETTINGS } from '../tokens.js';

/** Tells workers that there is something to do with a sample set; they also look by themselves every few seconds. */
@Injectable()
export class DatasetJobWakeUps implements OnApplicationBootstrap, BeforeApplicationShutdown {
  readonly #queue: WakeUpQueue;

  constructor(
    @Inject(SETTINGS) settings: Settings,
    private readonly changes: ChangeBus,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    this.#queue = new WakeUpQueue({ databaseUrl: settings.databaseUrl, redisUrl: settings.redisUrl, log, name: 'dataset-jobs', work: null });
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.#queue.open();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.#queue.close();
  }

  async wake(id: string): Promise<void> {
    this.changes.announce('dataset');
    await this.#queue.wake(id).catch((error: unknown) => this.log.warn('the worker could not be woken; it finds the job by itself', { jobId: id, error: messageOf(error) }));
  }
}
