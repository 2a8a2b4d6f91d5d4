import { fileURLToPath } from 'node:url';
import type { VideoFacts } from '@argus/media';
import { ChildCalls } from '../../child-calls.js';
import type { TakenFrame } from '../child/messages.js';
import type { FromVideoChild, ToVideoChild, VideoOrder } from '../child/video-messages.js';
import type { VideoPlace } from '../harvest-store.js';
import { readerEnded } from '../segment-extractor.js';

const CHILD_SCRIPT = fileURLToPath(new URL('../child/video-main.js', import.meta.url));
/** A child that is at work says so every few seconds. */
const HUNG_AFTER_MS = 120_000;

/** Pictures that are kept together, with the place behind them. */
export interface VideoStretch {
  readonly frames: readonly TakenFrame[];
  /** null: the file is over. */
  readonly place: VideoPlace | null;
}

type Answer = Extract<FromVideoChild, { type: 'facts' | 'stretch' }>;
type Question = ToVideoChild extends infer Each ? (Each extends ToVideoChild ? Omit<Each, 'request'> : never) : never;

/** A child that reads video files. Not for two files at once. */
export class VideoReader {
  readonly #child = new ChildCalls<Question, FromVideoChild>(CHILD_SCRIPT);

  /** @throws an Error that says what is wrong with the file, or that the process ended */
  async facts(path: string): Promise<VideoFacts> {
    const answer = await this.#ask({ type: 'facts', path }, () => undefined);
    if (answer.type !== 'facts') throw new TypeError('expected facts');
    return answer.facts;
  }

  /** The next stretch is read once it is asked for. @throws as facts */
  async *read(order: VideoOrder): AsyncGenerator<VideoStretch, void, undefined> {
    for (let question: Question = { type: 'open', order }; ; question = { type: 'next' }) {
      // A file that goes on in another process than it was opened in is not open there.
      if (question.type === 'next' && !this.#child.isRunning) throw new Error('the process that reads it ended');
      const frames: TakenFrame[] = [];
      const answer = await this.#ask(question, (frame) => frames.push(frame));
      if (answer.type !== 'stretch') throw new TypeError('expected a stretch');
      yield { frames, place: answer.place };
      if (answer.place === null) return;
    }
  }

  close(): void {
    this.#child.close();
  }

  #ask(question: Question, take: (frame: TakenFrame) => void): Promise<Answer> {
    return this.#child.ask(question, {
      hungAfterMs: HUNG_AFTER_MS,
      gone: readerEnded,
      hear(message): { answer: Answer } | null {
        if (message.type === 'failed') throw new Error(message.message);
        if (message.type === 'frame') take(message.frame);
        return message.type === 'facts' || message.type === 'stretch' ? { answer: message } : null;
      },
    });
  }
}
