import { fileURLToPath } from 'node:url';
import { ChildCalls } from '../child-calls.js';
import type { TakenFrame } from '../harvest/child/messages.js';
import { readerEnded } from '../harvest/segment-extractor.js';
import { LabellingFailedError } from '../errors.js';
import type { FollowEnd, FollowOrder, FromLabeller, LabellingOrder, PictureOfSegment, TakeOrder } from './child/messages.js';

const CHILD_SCRIPT = fileURLToPath(new URL('./child/main.js', import.meta.url));
/** Fifty boxes in ten seconds of footage on a busy machine; more is a file that hangs. */
const HUNG_AFTER_MS = 300_000;

/** A child that follows boxes and takes pictures. Not for two segments at once. */
export class SegmentLabeller {
  readonly #child = new ChildCalls<FollowOrder | TakeOrder, FromLabeller>(CHILD_SCRIPT);

  /** Aborted it ends at once. @throws LabellingFailedError */
  follow(order: FollowOrder, tell: (picture: PictureOfSegment) => void, signal: AbortSignal): Promise<FollowEnd | null> {
    return this.#ask(order, signal, (message) => message.type === 'picture' && tell(message.picture));
  }

  /** @throws LabellingFailedError */
  async take(order: TakeOrder, give: (atMs: number, frame: TakenFrame) => void, signal: AbortSignal): Promise<void> {
    await this.#ask(order, signal, (message) => message.type === 'frame' && give(message.atMs, message.frame));
  }

  close(): void {
    this.#child.close();
  }

  #ask(order: Omit<LabellingOrder, 'request'>, signal: AbortSignal, also: (message: FromLabeller) => unknown): Promise<FollowEnd | null> {
    signal.throwIfAborted();
    return this.#child.ask(order as FollowOrder | TakeOrder, {
      hungAfterMs: HUNG_AFTER_MS,
      signal,
      gone: (how) => (signal.aborted ? signal.reason : new LabellingFailedError(readerEnded(how).message)),
      hear(message) {
        if (message.type === 'failed') throw new LabellingFailedError(message.message);
        also(message);
        return message.type === 'done' ? { answer: message.end } : null;
      },
    });
  }
}
