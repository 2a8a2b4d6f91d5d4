import { open, type FileHandle } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayAccess } from '../connection/gateway-access.js';
import { BadFileError, ServiceFailedError } from '../errors.js';
import type { UploadMemory } from './upload-memory.js';

/** Short enough that no time limit of a server or proxy ends it. */
const PIECE_BYTES = 8 * 2 ** 20;
const MOST_TRIES = 8;
const WAIT_MS = 500;

export interface UploadWish {
  /** As the server knows it; default the file's own. */
  readonly name?: string;
  /** Goes on with what was begun by an earlier command. */
  readonly memory?: UploadMemory;
  /** What was expected, where it is no file. */
  readonly wanted?: string;
}

type Ask = (method: string, address: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) => Promise<Response>;

/** Sends a file in pieces (tus 1.0); after a lost connection it goes on where the server is. Answers the upload's id. @throws BadFileError, ServiceFailedError */
export async function uploadFile({ url, token }: GatewayAccess, path: string, say: (line: string) => void, { name = basename(path), memory, wanted = 'a file (zip, tar, tar.gz or imgdataset); pack a folder first' }: UploadWish = {}): Promise<string> {
  const handle = await open(path).catch(() => Promise.reject(new BadFileError(`${path}: there is no such file, or it cannot be read`)));
  try {
    const known = await handle.stat();
    if (!known.isFile()) throw new BadFileError(`${path}: expected ${wanted}`);
    const ask: Ask = (method, address, headers, body) => fetch(new URL(address, url), { method, headers: { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', ...headers }, ...(body === undefined ? {} : { body }) });
    const file = { url, path, bytes: known.size, changedMs: known.mtimeMs };
    const before = (await memory?.recall(file)) ?? null;
    const there = before === null ? null : await offsetAt(ask, before);
    const address = there === null || before === null ? await begin(ask, name, known.size) : before;
    await memory?.keep(file, address);
    if (there === known.size) say('was sent before');
    await sendFrom(there ?? 0, { ask, address, handle, path, bytes: known.size, say });
    return address.split('/').at(-1) as string;
  } finally {
    await handle.close();
  }
}

/** How much the server has of an upload; null: it has none. */
async function offsetAt(ask: Ask, address: string): Promise<number | null> {
  const head = await ask('HEAD', address, {}).catch(() => null);
  return head?.ok ? Number(head.headers.get('upload-offset')) : null;
}

async function begin(ask: Ask, name: string, bytes: number): Promise<string> {
  const begun = await ask('POST', '/api/v1/uploads', { 'upload-length': String(bytes), 'upload-metadata': `filename ${Buffer.from(name).toString('base64')}` });
  const address = begun.headers.get('location');
  if (begun.status !== 201 || address === null) throw new ServiceFailedError(`the server does not take the file: ${begun.status === 413 ? 'it has too little room' : await reasonOf(begun)}`);
  return address;
}

async function sendFrom(first: number, { ask, address, handle, path, bytes, say }: { ask: Ask; address: string; handle: FileHandle; path: string; bytes: number; say: (line: string) => void }): Promise<void> {
  const buffer = new Uint8Array(PIECE_BYTES);
  for (let [offset, tries] = [first, 0]; offset < bytes; ) {
    const { bytesRead } = await handle.read(buffer, 0, PIECE_BYTES, offset);
    if (bytesRead === 0) throw new BadFileError(`${path}: it became shorter while it was sent`);
    const sent = await ask('PATCH', address, { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, buffer.subarray(0, bytesRead)).catch(() => null);
    if (sent?.status === 204) {
      [offset, tries] = [Number(sent.headers.get('upload-offset')), 0];
      say(`${Math.floor((offset / bytes) * 100)} % of ${(bytes / 1e6).toFixed(1)} MB sent`);
      continue;
    }
    tries += 1;
    if (tries > MOST_TRIES) throw new ServiceFailedError(`${path} could not be sent: ${sent === null ? 'the connection was lost' : await reasonOf(sent)}`);
    await sleep(WAIT_MS * 2 ** (tries - 1));
    const head = await ask('HEAD', address, {}).catch(() => null);
    if (head?.status === 404) throw new ServiceFailedError('the upload is gone on the server; begin again');
    if (head?.ok) offset = Number(head.headers.get('upload-offset'));
  }
}

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  try {
    return (JSON.parse(text) as { detail?: string }).detail ?? `it answered ${response.status}`;
  } catch {
    return text.trim() || `it answered ${response.status}`;
  }
}
