import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { ServiceFailedError } from './errors.js';

/** Runs one of our scripts in a process of its own with the terminal's streams; native code that crashes there takes nobody along. */
export function runEntry(script: string, args: readonly string[], options: { env?: NodeJS.ProcessEnv; cwd?: string } = {}): Promise<number> {
  if (!existsSync(script)) throw new ServiceFailedError(`${script} does not exist; build the checkout with "npm run build"`);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { stdio: 'inherit', env: options.env ?? process.env, cwd: options.cwd });
    const pass = (signal: NodeJS.Signals) => child.kill(signal);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, pass);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, pass);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}
