import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { DatasetJobFailedError, PictureTroubleError } from '../errors.js';
import type { FromTasks, ToTasks } from './child/messages.js';
import type { Tasks } from './child/tasks.js';

const CHILD_SCRIPT = fileURLToPath(new URL('./child/main.js', import.meta.url));
/** No picture takes so long. */
const HUNG_AFTER_MS = 120_000;
/** What is asked of a whole set, and takes as long as it takes. */
const UNLIMITED: ReadonlySet<keyof Tasks> = new Set(['pick', 'duplicates', 'scenes', 'split']);

/** A process for native code and long sums; one that died or hangs is replaced at the next call. One call at a time. */
export class JobProcess {
  #child: ChildProcess | null = null;
  #requests = 0;

  /** @throws PictureTroubleError where a picture is the reason, DatasetJobFailedError else; when aborted the process is killed within the call */
  async call<K extends keyof Tasks>(task: K, input: Parameters<Tasks[K]>[0], signal: AbortSignal): Promise<Awaited<ReturnType<Tasks[K]>>> {
    signal.throwIfAborted();
    return (await this.#ask(task, input, signal)) as Awaited<ReturnType<Tasks[K]>>;
  }

  #ask(task: keyof Tasks, input: unknown, signal: AbortSignal): Promise<unknown> {
    const child = (this.#child ??= this.#start());
    this.#requests += 1;
    const request = this.#requests;
    return new Promise((resolve, reject) => {
      const settle = (end: () => void): void => {
        clearTimeout(timer);
        child.off('message', hear);
        child.off('exit', died);
        signal.removeEventListener('abort', kill);
        end();
      };
      const hear = (message: FromTasks): void => {
        if (message.type === 'ready' || message.request !== request) return;
        if (message.type === 'done') settle(() => resolve(message.answer));
        else settle(() => reject(message.ofPicture ? new PictureTroubleError(message.message) : new DatasetJobFailedError(message.message)));
      };
      const died = (code: number | null, how: NodeJS.Signals | null): void => settle(() => reject(signal.aborted ? signal.reason : gone(task, how ?? `exit code ${code}`)));
      const kill = (): void => void child.kill('SIGKILL');
      const timer = UNLIMITED.has(task) ? undefined : setTimeout(kill, HUNG_AFTER_MS);
      child.on('message', hear);
      child.on('exit', died);
      signal.addEventListener('abort', kill);
      // It ended while it was told: what is asked of a process that is gone fails as it does in one that goes.
      child.send({ request, task, input } satisfies ToTasks, (error) => error && settle(() => reject(signal.aborted ? signal.reason : gone(task, error.message))));
    });
  }

  close(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }

  #start(): ChildProcess {
    const { PATH, HOME, TZ, LANG, TMPDIR, LD_LIBRARY_PATH } = process.env;
    const child = fork(CHILD_SCRIPT, [], { serialization: 'advanced', env: { PATH, HOME, TZ, LANG, TMPDIR, LD_LIBRARY_PATH }, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    child.on('error', () => child.kill('SIGKILL'));
    // Whoever watches and records comes first.
    if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
    return child;
  }
}

const gone = (task: keyof Tasks, how: string): Error =>
  UNLIMITED.has(task) ? new DatasetJobFailedError(`the process that works on the whole set ended (${how}); there may be too little memory`) : new PictureTroubleError(`the process that looks at it ended (${how})`, { died: true });
