import { isoTime, redactCredentials, type Clock } from '@argus/kernel';
import type { CameraId, CameraState, OfflineReason } from '@argus/contracts';

type State = CameraState['state'];

/**
 * The state that operators see. `offline` lasts through the retries until a packet came: a camera that fails every two seconds
 * must not look as if it were connecting. The last error stays while online, so that a flapping camera is seen.
 */
export class CameraHealth {
  #state: State = 'connecting';
  #reason: OfflineReason | null = null;
  #sinceMs: number;
  #lastError: string | null = null;
  #lastErrorMs: number | null = null;
  #attempts = 0;

  constructor(
    private readonly cameraId: CameraId,
    private readonly clock: Pick<Clock, 'nowMs'>,
    private readonly onChange: (state: CameraState) => void,
  ) {
    this.#sinceMs = clock.nowMs();
  }

  get state(): State {
    return this.#state;
  }

  /** A new source: everything that was known of the old one is over. */
  restart(enabled: boolean): void {
    this.#attempts = 0;
    this.#lastError = null;
    this.#lastErrorMs = null;
    this.#enter(enabled ? 'connecting' : 'disabled', null);
  }

  attempt(): void {
    this.#attempts += 1;
    if (this.#state === 'connecting') this.#publish();
  }

  online(): void {
    this.#attempts = 0;
    this.#enter('online', null);
  }

  stalled(message: string): void {
    this.#remember(message);
    this.#enter('stalled', null);
  }

  offline(reason: OfflineReason, message: string): void {
    if (this.#state === 'disabled') return;
    this.#remember(message);
    this.#enter('offline', reason);
  }

  view(): CameraState {
    return {
      cameraId: this.cameraId,
      state: this.#state,
      reason: this.#reason,
      since: isoTime(this.#sinceMs),
      lastError: this.#lastError,
      lastErrorAt: this.#lastErrorMs === null ? null : isoTime(this.#lastErrorMs),
      attempts: this.#attempts,
    };
  }

  #remember(message: string): void {
    this.#lastError = redactCredentials(message);
    this.#lastErrorMs = this.clock.nowMs();
  }

  #enter(state: State, reason: OfflineReason | null): void {
    if (state !== this.#state) this.#sinceMs = this.clock.nowMs();
    this.#state = state;
    this.#reason = reason;
    this.#publish();
  }

  #publish(): void {
    this.onChange(this.view());
  }
}
