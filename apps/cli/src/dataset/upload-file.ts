import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayAccess } from '../connection/gateway-access.js';
import { BadFileError, ServiceFailedError } from '../errors.js';

/** Short enough that no time limit of a server or proxy ends it. */
const PIECE_BYTES = 8 * 2 ** 20;
const MOST_TRIES = 8;
const WAIT_MS = 500;

/** Sends a file in pieces (tus 1.0); after a lost connection it goes on where the server is. Answers the upload's id. @throws BadFileError, ServiceFailedError */
export async function uploadFile({ url, token }: GatewayAccess, path: string, say: (line: string) => void): Promise<string> {
  const handle = await open(path).catch(() => Promise.reject(new BadFileError(`${path}: there is no such file, or it cannot be read`)));
  try {
    const known = await handle.stat();
    if (!known.isFile()) throw new BadFileError(`${path}: expected a file (zip, tar, tar.gz or imgdataset); pack a folder first`);
    const ask = (method: string, address: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) =>
      fetch(new URL(address, url), { method, headers: { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0', ...headers }, ...(body === undefined ? {} : { body }) });
    const begun = await ask('POST', '/api/v1/uploads', { 'upload-length': String(known.size), 'upload-metadata': `filename ${Buffer.from(basename(path)).toString('base64')}` });
    const address = begun.headers.get('location');
    if (begun.status !== 201 || address === null) throw new ServiceFailedError(`the server does not take the file: ${begun.status === 413 ? 'it has too little room' : await reasonOf(begun)}`);
    const buffer = new Uint8Array(PIECE_BYTES);
    for (let [offset, tries] = [0, 0]; offset < known.size; ) {
      const { bytesRead } = await handle.read(buffer, 0, PIECE_BYTES, offset);
      if (bytesRead === 0) throw new BadFileError(`${path}: it became shorter while it was sent`);
      const sent = await ask('PATCH', address, { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, buffer.subarray(0, bytesRead)).catch(() => null);
      if (sent?.status === 204) {
        [offset, tries] = [Number(sent.headers.get('upload-offset')), 0];
        say(`${Math.floor((offset / known.size) * 100)} % of ${(known.size / 1e6).toFixed(1)} MB sent`);
        continue;
      }
      tries += 1;
      if (tries > MOST_TRIES) throw new ServiceFailedError(`${path} could not be sent: ${sent === null ? 'the connection was lost' : await reasonOf(sent)}`);
      await sleep(WAIT_MS * 2 ** (tries - 1));
      const head = await ask('HEAD', address, {}).catch(() => null);
      if (head?.status === 404) throw new ServiceFailedError('the upload is gone on the server; begin again');
      if (head?.ok) offset = Number(head.headers.get('upload-offset'));
    }
    return address.split('/').at(-1) as string;
  } finally {
    await handle.close();
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
