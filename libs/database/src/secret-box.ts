import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { messageOf } from '@argus/kernel';
import { KeyFileError, SealedTextError } from './errors.js';

const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1.';

/**
 * Secrets at rest: AES-256-GCM under a key that lies beside the data, not in the database. Each text is bound to where it
 * belongs (`cameras:<id>`), so that a sealed text copied to another row does not open there.
 */
export class SecretBox {
  readonly #key: Buffer;

  constructor(key: Buffer) {
    if (key.byteLength !== KEY_BYTES) throw new KeyFileError(`expected a key of ${KEY_BYTES} bytes, got ${key.byteLength}`);
    this.#key = key;
  }

  seal(text: string, place: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#key, iv).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return VERSION + sealed.toString('base64url');
  }

  /** @throws SealedTextError when it was sealed under another key or for another place, or is damaged. */
  open(sealed: string, place: string): string {
    const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
    if (!sealed.startsWith(VERSION) || bytes.byteLength < IV_BYTES + TAG_BYTES) throw new SealedTextError(`${place}: expected a sealed text of version 1`);
    const decipher = createDecipheriv('aes-256-gcm', this.#key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES }).setAAD(Buffer.from(place));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch (error) {
      throw new SealedTextError(`${place}: cannot be opened with the key in secret.key; was the data copied without it?`, {}, { cause: error });
    }
  }
}

/**
 * Reads the key (64 hex digits), or makes it on first use, readable by its owner only.
 * @throws KeyFileError when the file holds something else or cannot be read.
 */
export async function openSecretBox(keyFile: string): Promise<SecretBox> {
  try {
    await writeFile(keyFile, `${randomBytes(KEY_BYTES).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw new KeyFileError(`cannot write ${keyFile}: ${messageOf(error)}`, {}, { cause: error });
  }
  const text = (await readFile(keyFile, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new KeyFileError(`${keyFile}: expected 64 hex digits; restore it from a backup, without it stored camera passwords cannot be read`);
  return new SecretBox(Buffer.from(text, 'hex'));
}
