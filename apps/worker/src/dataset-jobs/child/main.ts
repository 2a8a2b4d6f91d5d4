import { messageOf } from '@argus/kernel';
import { StillError } from '@argus/media';
import type { FromTasks, ToTasks } from './messages.js';
import { TASKS } from './tasks.js';

/** A process that looks at pictures and compares them, one task after the other: native code and long sums hold up and end nobody else. */
const send = (message: FromTasks): void => {
  // The worker may be gone a moment before we are told: 'disconnect' follows and ends us.
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};
let queue: Promise<unknown> = Promise.resolve();

process.on('disconnect', () => process.exit(0));
// The worker decides when its children end; a Ctrl+C in the terminal reaches the whole group.
process.on('SIGINT', () => undefined);
process.on('message', ({ request, task, input }: ToTasks) => {
  queue = queue
    .then(() => (TASKS[task] as (given: unknown) => unknown)(input))
    .then(
      (answer) => send({ type: 'done', request, answer }),
      (error: unknown) => send({ type: 'failed', request, message: messageOf(error), ofPicture: error instanceof StillError }),
    );
});
send({ type: 'ready' });
