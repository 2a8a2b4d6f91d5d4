import { randomUUID } from 'node:crypto';
import { EngineTimeoutError, EngineUnavailableError } from './errors.js';

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

/** Questions to the engine that wait for their answer by request id. */
export class EngineRequests {
  readonly #pending = new Map<string, Pending>();

  /** Rejects with EngineTimeoutError after `timeoutMs`, and with EngineUnavailableError when the link breaks. */
  ask<Answer>(what: string, timeoutMs: number, send: (requestId: string) => void): Promise<Answer> {
    const requestId = randomUUID();
    return new Promise<Answer>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#pending.delete(requestId);
        reject(new EngineTimeoutError(what, timeoutMs));
      }, timeoutMs);
      this.#pending.set(requestId, { resolve: resolve as (answer: never) => void, reject, timer });
      send(requestId);
    });
  }

  /** An answer that nobody waits for any more is dropped. */
  answer(requestId: string, answer: unknown): void {
    const pending = this.#take(requestId);
    pending?.resolve(answer as never);
  }

  failAll(): void {
    for (const requestId of this.#pending.keys()) this.#take(requestId)?.reject(new EngineUnavailableError());
  }

  #take(requestId: string): Pending | undefined {
    const pending = this.#pending.get(requestId);
    if (pending) clearTimeout(pending.timer);
    this.#pending.delete(requestId);
    return pending;
  }
}
