import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** What a child says; without the number of a request it answers nothing. */
interface ChildMessage {
  readonly type: string;
  readonly request?: number;
}

export interface ChildCall<Message, Answer> {
  /** What is said to this request: an answer, or null while more is to come. Throws where the child failed. */
  readonly hear: (message: Message) => { readonly answer: Answer } | null;
  /** So long it may be silent; null: as long as it takes. A child that says `alive` is not silent. */
  readonly hungAfterMs: number | null;
  /** What is thrown when it ended before it answered. */
  readonly gone: (how: string) => unknown;
  /** Aborted, the child is killed within the call. */
  readonly signal?: AbortSignal;
}

/**
 * A process of ours for native code and long sums: without the worker's secrets, and behind whoever watches and records. One that died or hangs is replaced at the next call. One call at a time.
 */
export class ChildCalls<Question extends object, Message extends ChildMessage> {
  #child: ChildProcess | null = null;
  #requests = 0;

  /** @param script its path; `flags`: of Node */
  constructor(
    private readonly script: string,
    private readonly flags: readonly string[] = [],
  ) {}

  get isRunning(): boolean {
    return this.#child !== null;
  }

  ask<Answer>(question: Question, { hear, hungAfterMs, gone, signal }: ChildCall<Message, Answer>): Promise<Answer> {
    const child = (this.#child ??= this.#start());
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((resolve, reject) => {
      const kill = (): void => void child.kill('SIGKILL');
      const watch = (): NodeJS.Timeout | undefined => (hungAfterMs === null ? undefined : setTimeout(kill, hungAfterMs));
      let timer = watch();
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        child.off('message', onMessage);
        child.off('exit', onExit);
        signal?.removeEventListener('abort', kill);
        end();
      };
      const onMessage = (message: Message): void => {
        if (message.type === 'alive') {
          clearTimeout(timer);
          timer = watch();
        }
        if (message.request !== request) return;
        try {
          const heard = hear(message);
          if (heard) settle(() => resolve(heard.answer));
        } catch (error) {
          settle(() => reject(error as Error));
        }
      };
      const onExit = (code: number | null, how: NodeJS.Signals | null): void => settle(() => reject(gone(how ?? `exit code ${code}`) as Error));
      child.on('message', onMessage);
      child.on('exit', onExit);
      signal?.addEventListener('abort', kill);
      // It ended while it was told: what is asked of a process that is gone fails as it does in one that goes.
      child.send({ ...question, request }, (error) => error && settle(() => reject(gone(error.message) as Error)));
    });
  }

  /** Something that the running child asked for within a call. */
  tell(message: object): void {
    // One that is gone is noticed by its exit.
    this.#child?.send(message, () => undefined);
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #start(): ChildProcess {
    const { PATH, HOME, TZ, LANG, TMPDIR, LD_LIBRARY_PATH } = process.env;
    const child = fork(this.script, [], { serialization: 'advanced', env: { PATH, HOME, TZ, LANG, TMPDIR, LD_LIBRARY_PATH }, execArgv: [...this.flags], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    child.on('error', () => child.kill('SIGKILL'));
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    return child;
  }
}
