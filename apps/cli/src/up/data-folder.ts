import { chmod, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFolderError } from '../errors.js';

/** Linux allows 107 bytes for a socket's path; macOS 103. */
const MAX_SOCKET_PATH_BYTES = 100;

/** Makes the data directory for its owner only, with the folders that services expect. */
export async function prepareDataFolder(dataFolder: string): Promise<void> {
  try {
    await mkdir(dataFolder, { recursive: true, mode: 0o700 });
    if (((await stat(dataFolder)).mode & 0o777) !== 0o700) await chmod(dataFolder, 0o700);
    for (const name of ['run', 'logs', 'blobs', 'journal', 'models']) await mkdir(join(dataFolder, name), { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DataFolderError(`cannot use ${dataFolder} as data directory (${code}); expected a folder that this user may write: choose one with --data or ARGUS_DATA`, { dataFolder, cause: code }, { cause: error });
  }
}

/** Where the gateway listens for the engine: in the data directory when the path is short enough, else in a private temporary folder. */
export async function prepareEngineSocket(dataFolder: string): Promise<{ path: string; remove(): Promise<void> }> {
  const usual = join(dataFolder, 'run', 'engine.sock');
  if (Buffer.byteLength(usual) <= MAX_SOCKET_PATH_BYTES) {
    await rm(usual, { force: true });
    return { path: usual, remove: () => rm(usual, { force: true }) };
  }
  const folder = await mkdtemp(join(tmpdir(), 'argus-'));
  return { path: join(folder, 'engine.sock'), remove: () => rm(folder, { recursive: true, force: true }) };
}
