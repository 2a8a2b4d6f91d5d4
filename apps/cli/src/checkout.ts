import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds apps/, libs/ and demo/; the same from `src` and from `dist`. */
export const CHECKOUT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

export const DEFAULT_PORT = 7300;

/** Absolute data directory: `--data`, else ARGUS_DATA, else `data` in the checkout. */
export function dataFolderOf(option: string | undefined, env: NodeJS.ProcessEnv, cwd: string): string {
  const chosen = option ?? (env['ARGUS_DATA'] || undefined);
  return chosen === undefined ? join(CHECKOUT, 'data') : resolve(cwd, chosen);
}

/** Entry of a service or of a tool that runs in a process of its own. */
export const entryOf = (app: 'gateway' | 'inference' | 'worker', name = 'main'): string => join(CHECKOUT, 'apps', app, 'dist', `${name}.js`);
