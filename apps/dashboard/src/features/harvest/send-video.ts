import { UploadId } from '@argus/contracts';

/** Short enough that progress is seen, and that no time limit of a server or proxy ends it. */
const PIECE_BYTES = 4 * 2 ** 20;
const MOST_TRIES = 8;
const WAIT_MS = 500;

export interface SendOptions {
  readonly signal: AbortSignal;
  readonly onSent: (bytes: number) => void;
}

/**
 * Sends a file in pieces (tus 1.0); after a lost connection it goes on where the server is, and so it does when the same file is chosen again in another window, tomorrow.
 * Throws an Error with words of the server, or the signal's reason.
 */
export async function sendVideo(file: File, name: string, { signal, onSent }: SendOptions): Promise<UploadId> {
  const key = keyOf(file, name);
  const before = localStorage.getItem(key);
  const there = before === null ? null : await offsetAt(before, signal);
  const address = before !== null && there !== null ? before : await begin(file, name, signal);
  localStorage.setItem(key, address);
  let [offset, tries] = [there ?? 0, 0];
  onSent(offset);
  while (offset < file.size) {
    const sent = await ask('PATCH', address, { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, signal, file.slice(offset, offset + PIECE_BYTES)).catch(() => null);
    signal.throwIfAborted();
    if (sent?.status === 204) {
      [offset, tries] = [Number(sent.headers.get('upload-offset')), 0];
      onSent(offset);
      continue;
    }
    tries += 1;
    if (tries > MOST_TRIES) throw new Error(sent === null ? '' : await reasonOf(sent));
    await new Promise((wake) => setTimeout(wake, WAIT_MS * 2 ** (tries - 1)));
    offset = (await offsetAt(address, signal)) ?? offset;
  }
  return UploadId.parse(address.split('/').at(-1));
}

/** What is there of it goes, too. */
export async function forgetVideo(file: File, name: string): Promise<void> {
  const address = localStorage.getItem(keyOf(file, name));
  localStorage.removeItem(keyOf(file, name));
  if (address !== null) await ask('DELETE', address, {}, AbortSignal.timeout(10_000)).catch(() => undefined);
}

const keyOf = (file: File, name: string): string => `argus.upload.${file.size}.${file.lastModified}.${name}`;

async function begin(file: File, name: string, signal: AbortSignal): Promise<string> {
  const begun = await ask('POST', '/api/v1/uploads', { 'upload-length': String(file.size), 'upload-metadata': `filename ${base64(name)}` }, signal);
  const address = begun.headers.get('location');
  if (begun.status !== 201 || address === null) throw new Error(await reasonOf(begun));
  return address;
}

/** null: there is none any more. */
async function offsetAt(address: string, signal: AbortSignal): Promise<number | null> {
  const head = await ask('HEAD', address, {}, signal).catch(() => null);
  signal.throwIfAborted();
  return head?.ok ? Number(head.headers.get('upload-offset')) : null;
}

const ask = (method: string, address: string, headers: Record<string, string>, signal: AbortSignal, body?: Blob): Promise<Response> => fetch(address, { method, headers: { 'tus-resumable': '1.0.0', ...headers }, signal, ...(body ? { body } : {}) });

const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

async function reasonOf(response: Response): Promise<string> {
  const text = await response.text().catch(() => '');
  try {
    return (JSON.parse(text) as { detail?: string }).detail ?? '';
  } catch {
    return text.trim().slice(0, 300);
  }
}
