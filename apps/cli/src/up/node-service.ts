import { type ChildProcess, fork } from 'node:child_process';
import { ServiceFailedError } from '../errors.js';
import type { RunningService, Service } from './service.js';

export interface NodeServiceOptions {
  readonly name: string;
  /** Absolute path of the script. */
  readonly script: string;
  /** Asked at each launch. */
  readonly env: () => NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Gets what the child writes to stdout and stderr. */
  readonly output: (chunk: Buffer) => void;
  readonly readyTimeoutMs?: number;
  /** Once a child has sent `{type:'alive'}`, it must do so again within this time or it counts as wedged. */
  readonly aliveTimeoutMs?: number;
}

/**
 * A Node script as a service. It says `{type: 'ready', …}` over IPC when it serves, ends on SIGTERM, and ends by itself when the
 * IPC channel breaks, so that a killed supervisor leaves no orphans.
 */
export function nodeService(options: NodeServiceOptions): Service {
  return { name: options.name, launch: (signal, onPid) => launchNode(options, signal, onPid) };
}

async function launchNode(options: NodeServiceOptions, signal: AbortSignal, onPid: (pid: number) => void): Promise<RunningService> {
  signal.throwIfAborted();
  // A group of its own: Ctrl+C in the terminal reaches the supervisor only, which stops the services in order.
  const child = fork(options.script, [], { cwd: options.cwd, env: options.env(), detached: true, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  child.stdout?.on('data', options.output);
  child.stderr?.on('data', options.output);
  const ended = endOf(child);
  watchAlive(child, options.aliveTimeoutMs ?? 60_000);
  if (child.pid !== undefined) onPid(child.pid);
  const giveUp = () => killGroup(child);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const details = await readyOf(child, ended, options);
    signal.throwIfAborted();
    return { pid: child.pid ?? null, details, ended, stop: (deadlineMs) => stopChild(child, ended, deadlineMs) };
  } catch (error) {
    killGroup(child);
    await ended;
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function endOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => {
      // Its own children (ingest) must not live on with cameras and files open beside those of the next start.
      killGroup(child);
      resolve(signal === null ? `ended with status ${code}` : `was killed by ${signal}`);
    });
  });
}

async function readyOf(child: ChildProcess, ended: Promise<string>, { name, readyTimeoutMs = 120_000 }: NodeServiceOptions): Promise<Record<string, unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const ready = new Promise<Record<string, unknown>>((resolve) => {
    child.on('message', (message) => {
      if (isTyped(message) && message['type'] === 'ready') resolve(message);
    });
  });
  const silent = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ServiceFailedError(`${name} was not ready after ${readyTimeoutMs / 1000} s`, { service: name })), readyTimeoutMs);
  });
  const gone = ended.then((reason) => {
    throw new ServiceFailedError(`${name} ${reason} before it was ready`, { service: name });
  });
  try {
    return await Promise.race([ready, silent, gone]);
  } finally {
    clearTimeout(timer);
  }
}

/** "The process is up" is no health: a child that promised signs of life and stops giving them is killed, and so started again. */
function watchAlive(child: ChildProcess, timeoutMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  child.on('message', (message) => {
    if (!isTyped(message) || message['type'] !== 'alive') return;
    clearTimeout(timer);
    timer = setTimeout(() => killGroup(child), timeoutMs);
    timer.unref();
  });
  child.once('exit', () => clearTimeout(timer));
}

async function stopChild(child: ChildProcess, ended: Promise<string>, deadlineMs: number): Promise<void> {
  child.kill('SIGTERM');
  const timer = setTimeout(() => killGroup(child), deadlineMs);
  await ended;
  clearTimeout(timer);
}

/** The child and whatever it started. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: everybody is gone already. EPERM: macOS says so for a group of zombies.
    if (!['ESRCH', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

const isTyped = (message: unknown): message is Record<string, unknown> => typeof message === 'object' && message !== null && 'type' in message;
