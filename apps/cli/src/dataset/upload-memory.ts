import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Which file, as it is now, was being sent where. */
export interface SentFile {
  readonly url: string;
  readonly path: string;
  readonly bytes: number;
  readonly changedMs: number;
}

/** Where uploads were begun, so that a command that was ended goes on with them. One small file for each, for one user of this machine. */
export class UploadMemory {
  constructor(private readonly folder: string) {}

  static of(env: NodeJS.ProcessEnv): UploadMemory {
    return new UploadMemory(join(env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state'), 'argus', 'uploads'));
  }

  /** null: it was not, or nobody knows any more. */
  recall(file: SentFile): Promise<string | null> {
    return readFile(this.#placeOf(file), 'utf8').catch(() => null);
  }

  /** Without it a file is only sent once more. */
  async keep(file: SentFile, address: string): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 }).catch(() => undefined);
    await writeFile(this.#placeOf(file), address, { mode: 0o600 }).catch(() => undefined);
  }

  #placeOf({ url, path, bytes, changedMs }: SentFile): string {
    return join(this.folder, createHash('sha256').update(JSON.stringify([url, path, bytes, changedMs])).digest('hex'));
  }
}
