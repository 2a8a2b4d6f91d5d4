import { fork, type ChildProcess } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';

/** A process of ours for native code: without the worker's secrets, and behind whoever watches and records. */
export function forkChild(script: 'main' | 'video-main'): ChildProcess {
  const { PATH, HOME, TZ, LANG, TMPDIR } = process.env;
  const child = fork(fileURLToPath(new URL(`./${script}.js`, import.meta.url)), [], { serialization: 'advanced', env: { PATH, HOME, TZ, LANG, TMPDIR }, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  child.on('error', () => child.kill('SIGKILL'));
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  return child;
}
