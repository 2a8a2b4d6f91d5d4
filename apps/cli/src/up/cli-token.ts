import { randomBytes } from 'node:crypto';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export const cliTokenPath = (dataFolder: string): string => join(dataFolder, 'cli-token');

/** The local command line's admin key, or null when Argus never ran on this data. */
export async function findCliToken(dataFolder: string): Promise<string | null> {
  try {
    return (await readFile(cliTokenPath(dataFolder), 'utf8')).trim() || null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Makes the key once; it stays the same over restarts. Only the owner of the data may read it, also after a careless copy. */
export async function ensureCliToken(dataFolder: string): Promise<void> {
  if ((await findCliToken(dataFolder)) === null) await writeFile(cliTokenPath(dataFolder), `argus_cli_${randomBytes(32).toString('base64url')}`, { mode: 0o600 });
  await chmod(cliTokenPath(dataFolder), 0o600);
}
