import { readFile } from 'node:fs/promises';
import { messageOf, type Logger } from '@argus/kernel';
import { isSameSecret } from './secret-token.js';

const SHORTEST = 32;

/** The local command line's admin key: whoever can read the owner's 0600 file is the owner. */
export class CliToken {
  #token: string | null = null;

  constructor(
    private readonly file: string,
    private readonly log: Logger,
  ) {}

  /** Without the file the CLI has no way in; everything else works. */
  async load(): Promise<void> {
    try {
      const token = (await readFile(this.file, 'utf8')).trim();
      this.#token = token.length >= SHORTEST ? token : null;
      if (!this.#token) this.log.warn('the CLI token is too short to be used', { expectedCharacters: SHORTEST });
    } catch (error) {
      this.log.warn('the CLI token cannot be read: the argus command cannot sign in', { error: messageOf(error) });
    }
  }

  is(key: string): boolean {
    return this.#token !== null && isSameSecret(key, this.#token);
  }
}
