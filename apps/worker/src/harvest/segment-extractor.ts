import type { ChildProcess } from 'node:child_process';
import { forkChild } from './child/fork-child.js';
import type { FromExtractor, SegmentOrder, TakenFrame } from './child/messages.js';

/** No ten seconds of footage take so long. */
const HUNG_AFTER_MS = 120_000;

export type SegmentWish = Omit<SegmentOrder, 'request'>;

/** A child that takes pictures out of segments; one that died or hangs is replaced at the next segment. Not for two segments at once. */
export class SegmentExtractor {
  #child: ChildProcess | null = null;
  #requests = 0;

  /** Gives the last slot. @throws an Error that says what is wrong with the file, or that the process ended */
  async extract(wish: SegmentWish, take: (frame: TakenFrame) => void): Promise<number | null> {
    const child = (this.#child ??= this.#start());
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        child.off('message', hear);
        child.off('exit', died);
        end();
      };
      const hear = (message: FromExtractor): void => {
        if (message.type === 'ready' || message.request !== request) return;
        if (message.type === 'frame') return take(message.frame);
        settle(() => (message.type === 'done' ? resolve(message.lastSlot) : reject(new Error(message.message))));
      };
      const died = (code: number | null, signal: NodeJS.Signals | null): void => settle(() => reject(new Error(`the process that reads it ended (${signal ?? `exit code ${code}`})`)));
      const timer = setTimeout(() => child.kill('SIGKILL'), HUNG_AFTER_MS);
      child.on('message', hear);
      child.on('exit', died);
      child.send({ ...wish, request } satisfies SegmentOrder, (error) => error && settle(() => reject(error)));
    });
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #start(): ChildProcess {
    const child = forkChild('main');
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    return child;
  }
}
