import { readFileSync } from 'node:fs';
import { isAlive } from './is-alive.mjs';

const CHECK_MS = 250;
const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh']);

/**
 * Calls back once when the npm that runs this script is gone. A killed npm cannot pass Ctrl+C on any more, and its shell lives on
 * without it: what it started would run on unseen. Without npm, or without /proc, nothing is watched.
 */
export function onLauncherGone(callback, env = process.env) {
  const launcher = env.npm_lifecycle_event === undefined ? null : findLauncher(process.ppid);
  if (launcher === null) return;
  const timer = setInterval(() => {
    if (isAlive(launcher)) return;
    clearInterval(timer);
    callback();
  }, CHECK_MS);
  timer.unref();
}

/** npm starts scripts through a shell, which some shells replace by the script: the launcher is the first that is none. */
function findLauncher(parent) {
  try {
    if (!SHELLS.has(readFileSync(`/proc/${parent}/comm`, 'utf8').trim())) return parent;
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ESRCH'].includes(error.code)) return null;
    throw error;
  }
}
