import type { EngineConfig, EventView, FrameTrace } from '@argus/contracts';
import type { SecretBox } from '@argus/database';
import type { Clock, Logger } from '@argus/kernel';
import { Subject } from 'rxjs';
import type { DataSource } from 'typeorm';
import type { EventStore } from '../events/event-store.js';
import type { ChangeBus } from '../realtime/change-bus.js';
import { ConfigPublisher, cameraIdsOf } from './config-publisher.js';
import { readEngineConfig } from './engine-configuration.js';
import { EngineLink } from './engine-link.js';
import { EngineSocket } from './engine-socket.js';
import { EngineState } from './engine-state.js';
import { EventIntake, type CommittedBatch } from './event-intake.js';

export interface EngineOptions {
  readonly socketPath: string;
  readonly token: string;
  readonly dataSource: DataSource;
  readonly secrets: SecretBox;
  readonly store: EventStore;
  readonly changes: ChangeBus;
  readonly clock: Clock;
  readonly log: Logger;
  /** What the engine is told to trace; absent: nothing. */
  readonly tracing?: EngineConfig['tracing'];
  readonly onCommitted?: (batch: CommittedBatch) => void;
  readonly onTraces?: (traces: readonly FrameTrace[]) => void;
}

/** The inference process seen from the gateway, put together: its socket, what it reports, what it is told. */
export class Engine {
  readonly state: EngineState;
  readonly link: EngineLink;
  /** Events after each commit, as the API shows them. */
  readonly events = new Subject<readonly EventView[]>();
  readonly #socket: EngineSocket;
  readonly #intake: EventIntake;
  readonly #publisher: ConfigPublisher;

  constructor(options: EngineOptions) {
    const { dataSource, secrets, log } = options;
    this.state = new EngineState(options.clock);
    this.#intake = new EventIntake({
      store: options.store,
      log,
      onCommitted: (batch) => {
        options.onCommitted?.(batch);
        this.events.next(batch.changed);
      },
    });
    this.link = new EngineLink({ state: this.state, intake: this.#intake, onTraces: options.onTraces, log });
    this.#socket = new EngineSocket({ path: options.socketPath, token: options.token, log, onConnection: (socket) => this.link.accept(socket) });
    this.#publisher = new ConfigPublisher({
      read: async (revision) => ({ ...(await readEngineConfig(dataSource, secrets, revision)), tracing: options.tracing }),
      publish: (config) => {
        this.state.keepOnly(cameraIdsOf(config));
        this.link.setConfig(config);
      },
      changes: options.changes.changes,
      log,
      nowMs: () => options.clock.nowMs(),
    });
  }

  /** Journal entries that wait for the database. */
  get waiting(): number {
    return this.#intake.waiting;
  }

  async start(): Promise<void> {
    await this.#publisher.start();
    await this.#socket.listen();
  }

  async stop(): Promise<void> {
    this.#publisher.stop();
    await this.#socket.close();
    this.#intake.stop();
  }
}
