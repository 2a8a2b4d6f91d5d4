import { fileURLToPath } from 'node:url';
import { ChildCalls } from '../child-calls.js';
import type { FromExtractor, SegmentOrder, TakenFrame } from './child/messages.js';

const CHILD_SCRIPT = fileURLToPath(new URL('./child/main.js', import.meta.url));
/** No ten seconds of footage take so long. */
const HUNG_AFTER_MS = 120_000;

export type SegmentWish = Omit<SegmentOrder, 'request'>;

/** A child that takes pictures out of segments. Not for two segments at once. */
export class SegmentExtractor {
  readonly #child = new ChildCalls<SegmentWish, FromExtractor>(CHILD_SCRIPT);

  /** Gives the last slot. @throws an Error that says what is wrong with the file, or that the process ended */
  extract(wish: SegmentWish, take: (frame: TakenFrame) => void): Promise<number | null> {
    return this.#child.ask(wish, {
      hungAfterMs: HUNG_AFTER_MS,
      gone: readerEnded,
      hear(message) {
        if (message.type === 'failed') throw new Error(message.message);
        if (message.type === 'frame') take(message.frame);
        return message.type === 'done' ? { answer: message.lastSlot } : null;
      },
    });
  }

  close(): void {
    this.#child.close();
  }
}

/** Of a child that reads a file: told of that file. */
export const readerEnded = (how: string): Error => new Error(`the process that reads it ended (${how})`);
