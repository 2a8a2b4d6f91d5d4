import type { Dataset, DatasetFormat, DatasetJob } from '@argus/contracts';
import { useSyncExternalStore } from 'react';
import { refresh } from '../../app/calls.js';
import { client } from '../../app/client.js';
import type { Picked } from './picked-files.js';
import { deleteUpload, forgetUpload, sendFile } from './tus-upload.js';

export interface ImportWish {
  /** A set that is there, or the name of a new one. */
  readonly into: Pick<Dataset, 'id' | 'name'> | { readonly id: null; readonly name: string };
  readonly picked: Picked;
  readonly format: 'auto' | DatasetFormat;
  readonly group: string | null;
  readonly eachFolder: boolean;
}

export interface ImportState {
  readonly phase: 'sending' | 'paused' | 'failed' | 'working';
  readonly into: { readonly id: Dataset['id'] | null; readonly name: string };
  /** The set was made for it. */
  readonly isNew: boolean;
  readonly name: string;
  readonly bytes: number;
  readonly sent: number;
  /** Bytes in a second; null: not known yet. */
  readonly speed: number | null;
  readonly isLost: boolean;
  readonly error: unknown;
  /** The import itself, once all is sent. */
  readonly jobId: DatasetJob['id'] | null;
}

/** One import on its way, whatever page is shown: the file is sent, then the worker takes it in. */
class ImportRun {
  state: ImportState;
  #stop = new AbortController();
  #since = { atMs: Date.now(), sent: 0 };

  constructor(private readonly wish: ImportWish) {
    const { into, picked } = wish;
    this.state = { phase: 'sending', into, isNew: into.id === null, name: picked.name, bytes: picked.bytes, sent: 0, speed: null, isLost: false, error: null, jobId: null };
  }

  /** To its end, or until it is paused. */
  async go(): Promise<void> {
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const { picked, format, group, eachFolder } = this.wish;
    this.#since = { atMs: Date.now(), sent: -1 };
    this.#say({ phase: 'sending', error: null, speed: null });
    try {
      // First, so that a name that is taken is known before anything is sent.
      const id = this.state.into.id ?? (await this.#newSet());
      const uploadId = await sendFile(picked.content(), { name: picked.name, mark: picked.mark, signal, onSent: (sent) => this.#sent(sent), onLost: (isLost) => this.#say({ isLost }) });
      const job = await client.call('createDatasetJob', { params: { id }, body: { kind: 'import', uploadId, format, group, eachFolder } });
      forgetUpload(picked.mark);
      this.#say({ phase: 'working', jobId: job.id });
      refresh(['listDatasetJobs']);
    } catch (error) {
      if (!signal.aborted) this.#say({ phase: 'failed', error });
    }
  }

  pause(): void {
    this.#stop.abort();
    this.#say({ phase: 'paused', isLost: false });
  }

  /** The server forgets what was sent; the set stays. */
  async cancel(): Promise<void> {
    this.#stop.abort();
    await deleteUpload(this.wish.picked.mark);
  }

  async #newSet(): Promise<Dataset['id']> {
    const { name } = this.state.into;
    const { id } = await client.call('createDataset', { body: { name } });
    refresh(['listDatasets']);
    this.#say({ into: { id, name } });
    return id;
  }

  #sent(sent: number): void {
    // What was there before says nothing of the line.
    if (this.#since.sent < 0) this.#since = { atMs: Date.now(), sent };
    const seconds = (Date.now() - this.#since.atMs) / 1000;
    this.#say({ sent, speed: seconds > 0.5 ? (sent - this.#since.sent) / seconds : null });
  }

  #say(part: Partial<ImportState>): void {
    this.state = { ...this.state, ...part };
    tell();
  }
}

let current: ImportRun | null = null;
const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());

const isSending = (): boolean => current !== null && (current.state.phase === 'sending' || current.state.phase === 'paused');
window.addEventListener('beforeunload', (event) => isSending() && event.preventDefault());

/** What is on its way; null: nothing. */
export const useImportRun = (): ImportState | null => useSyncExternalStore((listener) => (listeners.add(listener), () => void listeners.delete(listener)), () => current?.state ?? null);

export function beginImport(wish: ImportWish): void {
  current = new ImportRun(wish);
  void current.go();
}

export const pauseImport = (): void => current?.pause();
export const goOnWithImport = (): void => void current?.go();

/** Given up, or looked at. */
export function endImport(): void {
  if (current && current.state.phase !== 'working') void current.cancel();
  current = null;
  tell();
}
