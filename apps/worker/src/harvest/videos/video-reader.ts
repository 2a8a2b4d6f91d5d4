import type { ChildProcess } from 'node:child_process';
import type { VideoFacts } from '@argus/media';
import { forkChild } from '../child/fork-child.js';
import type { TakenFrame } from '../child/messages.js';
import type { FromVideoChild, ToVideoChild, VideoOrder } from '../child/video-messages.js';
import type { VideoPlace } from '../harvest-store.js';

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

/** A child that reads video files; one that died or hangs is replaced at the next file. Not for two files at once. */
export class VideoReader {
  #child: ChildProcess | null = null;
  #requests = 0;

  /** @throws an Error that says what is wrong with the file, or that the process ended */
  async facts(path: string): Promise<VideoFacts> {
    const answer = await this.#ask({ type: 'facts', path }, () => undefined);
    if (answer.type !== 'facts') throw new TypeError('expected facts');
    return answer.facts;
  }

  /** The next stretch is read once it is asked for. @throws as facts */
  async *read(order: VideoOrder): AsyncGenerator<VideoStretch, void, undefined> {
    for (let question: Question = { type: 'open', order }; ; question = { type: 'next' }) {
      const frames: TakenFrame[] = [];
      const answer = await this.#ask(question, (frame) => frames.push(frame));
      if (answer.type !== 'stretch') throw new TypeError('expected a stretch');
      yield { frames, place: answer.place };
      if (answer.place === null) return;
    }
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #ask(question: Question, take: (frame: TakenFrame) => void): Promise<Answer> {
    // A file that goes on in another process than it was opened in is not open there.
    if (question.type === 'next' && this.#child === null) throw new Error('the process that reads it ended');
    const child = (this.#child ??= this.#start());
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((resolve, reject) => {
      const hung = (): NodeJS.Timeout => setTimeout(() => child.kill('SIGKILL'), HUNG_AFTER_MS);
      let timer = hung();
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        child.off('message', hear);
        child.off('exit', died);
        end();
      };
      const hear = (message: FromVideoChild): void => {
        clearTimeout(timer);
        timer = hung();
        if (message.type === 'alive' || message.request !== request) return;
        if (message.type === 'frame') return take(message.frame);
        settle(() => (message.type === 'failed' ? reject(new Error(message.message)) : resolve(message)));
      };
      const died = (code: number | null, signal: NodeJS.Signals | null): void => settle(() => reject(new Error(`the process that reads it ended (${signal ?? `exit code ${code}`})`)));
      child.on('message', hear);
      child.on('exit', died);
      child.send({ ...question, request } as ToVideoChild, (error) => error && settle(() => reject(error)));
    });
  }

  #start(): ChildProcess {
    const child = forkChild('video-main');
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    return child;
  }
}
