import { fileURLToPath } from 'node:url';
import { ChildCalls } from '../child-calls.js';
import { DatasetJobFailedError, PictureTroubleError } from '../errors.js';
import type { FromTasks, ToTasks } from './child/messages.js';
import type { Tasks } from './child/tasks.js';

const CHILD_SCRIPT = fileURLToPath(new URL('./child/main.js', import.meta.url));
/** No picture takes so long. */
const HUNG_AFTER_MS = 120_000;
/** What is asked of a whole set, and takes as long as it takes. */
const UNLIMITED: ReadonlySet<keyof Tasks> = new Set(['pick', 'duplicates', 'scenes', 'split']);

/** Looks at pictures and whole sets in a process of its own. One call at a time. */
export class JobProcess {
  readonly #child = new ChildCalls<Omit<ToTasks, 'request'>, FromTasks>(CHILD_SCRIPT);

  /** @throws PictureTroubleError where a picture is the reason, DatasetJobFailedError else; when aborted the process is killed within the call */
  async call<K extends keyof Tasks>(task: K, input: Parameters<Tasks[K]>[0], signal: AbortSignal): Promise<Awaited<ReturnType<Tasks[K]>>> {
    signal.throwIfAborted();
    return this.#child.ask({ task, input }, {
      hungAfterMs: UNLIMITED.has(task) ? null : HUNG_AFTER_MS,
      signal,
      gone: (how) => (signal.aborted ? signal.reason : gone(task, how)),
      hear(message) {
        if (message.type === 'failed') throw message.ofPicture ? new PictureTroubleError(message.message) : new DatasetJobFailedError(message.message);
        return message.type === 'done' ? { answer: message.answer as Awaited<ReturnType<Tasks[K]>> } : null;
      },
    });
  }

  close(): void {
    this.#child.close();
  }
}

const gone = (task: keyof Tasks, how: string): Error =>
  UNLIMITED.has(task) ? new DatasetJobFailedError(`the process that works on the whole set ended (${how}); there may be too little memory`) : new PictureTroubleError(`the process that looks at it ended (${how})`, { died: true });
