import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { BootstrapError, say } from './say.mjs';

const HEARTBEAT_MS = 15_000;
const TAIL_LINES = 40;

/**
 * Runs a command with its output in a log file; says every 15 s that it still works. Throws with the end of the log when it fails.
 * @param {{title: string, command: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv, log: string}} task
 */
export async function runLogged(task) {
  mkdirSync(dirname(task.log), { recursive: true });
  const log = createWriteStream(task.log);
  const tail = [];
  const keep = (chunk) => {
    log.write(chunk);
    tail.push(chunk);
    if (tail.length > 400) tail.splice(0, 200);
  };
  const begun = Date.now();
  const heartbeat = setInterval(() => say(`  still busy with ${task.title} (${Math.round((Date.now() - begun) / 1000)} s) …`), HEARTBEAT_MS);
  const outcome = await new Promise((resolve) => {
    const child = spawn(task.command, task.args, { cwd: task.cwd, env: task.env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.once('error', (error) => resolve(error.message));
    child.once('close', (code, signal) => resolve(code === 0 ? null : `exit ${code ?? signal}`));
  });
  clearInterval(heartbeat);
  await new Promise((resolve) => log.end(resolve));
  if (outcome === null) return;
  const lines = Buffer.concat(tail).toString('utf8').trimEnd().split('\n').slice(-TAIL_LINES);
  throw new BootstrapError(`${task.title} failed (${outcome}): ${task.command} ${task.args.join(' ')}\n\n${lines.join('\n')}\n\nThe whole output is in ${task.log}`);
}
