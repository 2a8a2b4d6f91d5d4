import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ExtractProcessError } from '../errors.js';
import type { FromChild, VideoDone, VideoJob } from './messages.js';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));

/** How a video ended. */
export type VideoOutcome = VideoDone | { readonly type: 'failed'; readonly code: string; readonly message: string } | { readonly type: 'stopped' };

/** A process that works on videos, one at a time; another one is started when it dies. */
export class ExtractProcess {
  #child: ChildProcess | null = null;

  async run(job: VideoJob, onProgress: (progress: FromChild & { type: 'progress' }) => void): Promise<VideoOutcome> {
    const child = (this.#child ??= fork(CHILD, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] }));
    return new Promise<VideoOutcome>((resolve) => {
      const settle = (outcome: VideoOutcome) => {
        child.off('message', hear).off('exit', died).off('error', broken);
        resolve(outcome);
      };
      const hear = (message: FromChild) => (message.type === 'progress' ? onProgress(message) : settle(message));
      const fail = (how: string) => {
        this.#child = null;
        const { code, message } = new ExtractProcessError(`the process that worked on ${job.path} ${how}; the file may break the decoder. Run it again to go on behind what was finished`);
        settle({ type: 'failed', code, message });
      };
      const died = (code: number | null, signal: string | null) => fail(signal === null ? `ended by itself with status ${code}` : `was ended by ${signal}`);
      const broken = (error: Error) => fail(`could not be reached: ${error.message}`);
      child.on('message', hear).on('exit', died).on('error', broken);
      child.send(job, (error) => error !== null && broken(error));
    });
  }

  /** What it works on is put aside at the next picture; what it has is kept. */
  stop(): void {
    if (this.#child?.connected) this.#child.send({ type: 'stop' });
  }

  async close(): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  }
}
