import type { CameraId, EngineConfig } from '@argus/contracts';
import { messageOf, type Logger } from '@argus/kernel';
import type { ChangeBus, ChangedNoun } from '../realtime/change-bus.js';

export interface ConfigPublisherOptions {
  readonly read: (revision: number) => Promise<EngineConfig>;
  readonly publish: (config: EngineConfig) => void;
  readonly changes: ChangeBus['changes'];
  readonly log: Logger;
  readonly nowMs: () => number;
}

const NOUNS: ReadonlySet<ChangedNoun> = new Set(['camera', 'pipeline', 'rule', 'tuning']);
/** Changes within this time are one: an import of a hundred cameras is a few configurations, not a hundred. */
const GATHER_MS = 100;
/** Rows that somebody changed by SQL, and readings that failed, are noticed this late. */
const LOOK_AGAIN_MS = 15_000;

/** Gives the engine its configuration at the start and after every change of a camera, a pipeline, a rule or the tuning. */
export class ConfigPublisher {
  #revision = 0;
  #published = '';
  #timer: NodeJS.Timeout | null = null;
  #subscription: { unsubscribe(): void } | null = null;
  #stopped = false;

  constructor(private readonly options: ConfigPublisherOptions) {}

  async start(): Promise<void> {
    this.#subscription = this.options.changes.subscribe((noun) => NOUNS.has(noun) && this.#readIn(GATHER_MS));
    await this.#read();
  }

  stop(): void {
    this.#stopped = true;
    this.#subscription?.unsubscribe();
    if (this.#timer) clearTimeout(this.#timer);
  }

  #readIn(delayMs: number): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      void this.#read();
    }, delayMs);
  }

  async #read(): Promise<void> {
    // Revisions grow over restarts of the gateway too, as long as the clock does.
    const revision = Math.max(this.#revision + 1, this.options.nowMs());
    try {
      const config = await this.options.read(revision);
      const content = JSON.stringify({ ...config, revision: 0 });
      if (content !== this.#published) {
        this.#published = content;
        this.#revision = revision;
        this.options.publish(config);
      }
      // A change that came while this was read has set its own, earlier time.
      if (!this.#timer) this.#readIn(LOOK_AGAIN_MS);
    } catch (error) {
      this.options.log.error('the configuration cannot be read, trying again', { error: messageOf(error) });
      this.#readIn(1000);
    }
  }
}

export const cameraIdsOf = (config: EngineConfig): ReadonlySet<CameraId> => new Set(config.cameras.map((camera) => camera.id));
