/** An upload that was begun in this browser, and is not imported yet. */
export interface BegunUpload {
  readonly address: string;
  readonly name: string;
  readonly bytes: number;
  readonly mark: string;
  readonly atMs: number;
}

export interface UploadOptions {
  readonly name: string;
  readonly mark: string;
  readonly signal: AbortSignal;
  readonly onSent: (bytes: number) => void;
  /** Lost: tried again by itself. */
  readonly onLost: (isLost: boolean) => void;
}

/** The server does not take it, and trying again would not help. */
export class UploadRefusedError extends Error {
  constructor(
    readonly reason: 'room' | 'gone' | 'refused',
    message: string,
  ) {
    super(message);
  }
}

const UPLOADS = '/api/v1/uploads';
/** Short enough that no time limit of a server or proxy ends it. */
const PIECE_BYTES = 8 * 2 ** 20;
const LONGEST_WAIT_MS = 15_000;
const KEPT = 'argus.uploads';
/** The server removes what nobody goes on with. */
const KEPT_MS = 86_400_000;

/** Sends a file in pieces (tus 1.0), and goes on where the server is: also after a lost connection, a pause, or in another tab. Answers the upload's id. */
export async function sendFile(content: Blob, { name, mark, signal, onSent, onLost }: UploadOptions): Promise<string> {
  const known = begunUploads().find((one) => one.mark === mark && one.bytes === content.size);
  const found = known ? await offsetOf(known.address, signal).catch(() => null) : null;
  const address = known && found !== null ? known.address : await begin(content.size, name, signal);
  keep({ address, name, bytes: content.size, mark, atMs: Date.now() });
  let offset = found ?? 0;
  onSent(offset);
  for (let tries = 0; offset < content.size; ) {
    const sent = await ask('PATCH', address, signal, { 'upload-offset': String(offset), 'content-type': 'application/offset+octet-stream' }, content.slice(offset, offset + PIECE_BYTES)).catch((error: unknown) => ignoreLost(error, signal));
    if (sent?.status === 204) {
      [offset, tries] = [Number(sent.headers.get('upload-offset')), 0];
      onLost(false);
      onSent(offset);
      continue;
    }
    if (sent && sent.status >= 400 && sent.status < 500 && sent.status !== 409 && sent.status !== 423) await refuse(sent, address);
    onLost(true);
    tries += 1;
    await wait(Math.min(LONGEST_WAIT_MS, 500 * 2 ** Math.min(tries, 6)), signal);
    offset = (await offsetOf(address, signal).catch((error: unknown) => ignoreLost(error, signal))) ?? offset;
  }
  return address.split('/').at(-1) as string;
}

/** Those that may be gone on with, newest first. */
export function begunUploads(): readonly BegunUpload[] {
  try {
    return (JSON.parse(localStorage.getItem(KEPT) ?? '[]') as BegunUpload[]).filter(({ atMs }) => Date.now() - atMs < KEPT_MS);
  } catch {
    return [];
  }
}

/** It is imported, or given up. */
export function forgetUpload(mark: string): void {
  write(begunUploads().filter((one) => one.mark !== mark));
}

export async function deleteUpload(mark: string): Promise<void> {
  const known = begunUploads().find((one) => one.mark === mark);
  forgetUpload(mark);
  if (known) await fetch(known.address, { method: 'DELETE', headers: { 'tus-resumable': '1.0.0' } }).catch(() => undefined);
}

/** How much of it is there. @throws UploadRefusedError where it is gone */
export async function offsetOf(address: string, signal: AbortSignal): Promise<number> {
  const head = await ask('HEAD', address, signal, {});
  if (!head.ok) await refuse(head, address);
  return Number(head.headers.get('upload-offset'));
}

async function begin(bytes: number, name: string, signal: AbortSignal): Promise<string> {
  const filename = btoa(String.fromCharCode(...new TextEncoder().encode(name.slice(0, 200))));
  const begun = await ask('POST', UPLOADS, signal, { 'upload-length': String(bytes), 'upload-metadata': `filename ${filename}` });
  const address = begun.headers.get('location');
  if (begun.status !== 201 || address === null) await refuse(begun, null);
  return new URL(address as string, location.href).pathname;
}

const ask = (method: string, address: string, signal: AbortSignal, headers: Record<string, string>, body?: Blob): Promise<Response> => fetch(address, { method, signal, headers: { 'tus-resumable': '1.0.0', ...headers }, ...(body ? { body } : {}) });

async function refuse(response: Response, address: string | null): Promise<never> {
  const text = await response.text().catch(() => '');
  if (response.status === 413) throw new UploadRefusedError('room', text);
  if (address !== null && (response.status === 404 || response.status === 410)) throw new UploadRefusedError('gone', text);
  let detail = text.trim();
  try {
    detail = (JSON.parse(text) as { detail?: string }).detail ?? detail;
  } catch {
    // As it came.
  }
  throw new UploadRefusedError('refused', detail || `${response.status}`);
}

function ignoreLost(error: unknown, signal: AbortSignal): null {
  if (signal.aborted || error instanceof UploadRefusedError) throw error;
  return null;
}

const wait = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    }, { once: true });
  });

const keep = (upload: BegunUpload): void => write([upload, ...begunUploads().filter(({ mark }) => mark !== upload.mark)].slice(0, 20));

function write(uploads: readonly BegunUpload[]): void {
  try {
    localStorage.setItem(KEPT, JSON.stringify(uploads));
  } catch {
    // Without room for it an upload cannot be gone on with after a reload; it can go on now.
  }
}
