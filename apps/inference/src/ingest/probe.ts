import type { ProbeResult } from '@argus/contracts';
import type { Clock, Logger } from '@argus/kernel';
import { forkIngest } from './ingest-process.js';
import type { FromChild, MaskOrder } from './messages.js';

/** Longer than the time-outs inside the child, so that it normally answers for itself. */
const ANSWER_WITHIN_MS = 18_000;
const AT_ONCE = 2;
const MAX_WAITING = 8;

export interface ProberOptions {
  readonly fileRoots: readonly string[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Tries URLs in throw-away ingest children: whatever a URL does to the native library, running cameras do not notice. */
export class Prober {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(private readonly options: ProberOptions) {}

  /** Never rejects: the failure is the answer. `masks` are covered in the picture. */
  async probe(url: string, masks: MaskOrder['areas']): Promise<ProbeResult> {
    const startedMs = this.options.clock.monotonicMs();
    if (this.#waiting.length >= MAX_WAITING) return this.#failed('unknown', `${AT_ONCE + MAX_WAITING} connection tests are running already; try again in a moment`, startedMs);
    if (this.#running >= AT_ONCE) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await this.#inChild(url, masks, startedMs);
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  #inChild(url: string, masks: MaskOrder['areas'], startedMs: number): Promise<ProbeResult> {
    return new Promise((resolve) => {
      const child = forkIngest(['probe']);
      const settle = (result: ProbeResult): void => {
        clearTimeout(timer);
        resolve(result);
        child.kill('SIGKILL');
      };
      const timer = setTimeout(() => settle(this.#failed('timeout', `no answer within ${ANSWER_WITHIN_MS / 1000} s`, startedMs)), ANSWER_WITHIN_MS);
      child.on('message', (message) => {
        const answer = message as FromChild;
        if (answer.type === 'ready') child.send({ url, fileRoots: this.options.fileRoots, masks });
        else if (answer.type === 'probed') settle(answer.result);
      });
      child.on('error', (error) => {
        this.options.log.error('a connection test could not be started', { error });
        settle(this.#failed('unknown', 'the connection test could not be started; see the log', startedMs));
      });
      child.on('exit', (code, signal) => settle(this.#failed('decoder-crashed', `the stream made the decoder end (${signal ?? `exit code ${code}`}); it is not safe to use`, startedMs)));
    });
  }

  #failed(reason: 'unknown' | 'timeout' | 'decoder-crashed', message: string, startedMs: number): ProbeResult {
    return { ok: false, reason, message, elapsedMs: Math.round(this.options.clock.monotonicMs() - startedMs) };
  }
}
