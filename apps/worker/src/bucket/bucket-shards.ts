import { createHash } from 'node:crypto';
import { bucketFilesOf, packShard, type PictureToPack } from '@argus/datasets';
import { newId } from '@argus/kernel';
import type { S3Store } from '@argus/storage';
import { machineName, type PictureShelf } from '../harvest/picture-shelf.js';
import type { ArchiveRows } from './archive-rows.js';

/** An archive goes in one request, and is in memory until it has arrived. */
const ARCHIVE_BYTES = 32 * 2 ** 20;
/** Archives of a second or two instead of one for each file of footage: requests are what a bucket costs. It is what a crash can take, too. */
const HOLD_MS = 2000;

/**
 * Pictures of a worker that shares no file system with the others: whole archives in the bucket, each with its index, compared with what was sent before a row names them. Nothing is kept on this machine.
 * An archive is never written to again, and its name is used once: the owner is named after machine and start of the process.
 */
export class BucketShards implements PictureShelf {
  readonly holdMs = HOLD_MS;
  readonly #owner = `${machineName()}-${newId()}`;
  readonly #pending = new Map<string, PictureToPack>();
  #pendingBytes = 0;
  #archives = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly remote: Pick<S3Store, 'putBytes'>,
    private readonly rows: ArchiveRows,
  ) {}

  /** @throws RemoteStoreError where there is enough for an archive and the bucket does not take it */
  async put(content: Uint8Array, extension: string): Promise<{ readonly sha256: string }> {
    const sha256 = createHash('sha256').update(content).digest('hex');
    if (!this.#pending.has(sha256)) {
      this.#pending.set(sha256, { sha256, extension, content });
      this.#pendingBytes += content.byteLength;
    }
    if (this.#pendingBytes >= ARCHIVE_BYTES) await this.commit();
    return { sha256 };
  }

  /** Resolves when everything that was put is in the bucket, and can be found there. What could not be sent goes with the next. @throws RemoteStoreError */
  commit(): Promise<void> {
    return this.#inTurn(async () => {
      const pictures = [...this.#pending.values()];
      if (pictures.length === 0) return;
      const known = await this.rows.touch(pictures.map(({ sha256 }) => sha256));
      const news = pictures.filter(({ sha256 }) => !known.has(sha256));
      if (news.length > 0) await this.#send(news);
      for (const { sha256, content } of pictures) {
        this.#pending.delete(sha256);
        this.#pendingBytes -= content.byteLength;
      }
    });
  }

  /** Into an archive of their own, although they are known: where they lay is to go. @throws RemoteStoreError */
  move(pictures: readonly PictureToPack[]): Promise<void> {
    return this.#inTurn(() => this.#send(pictures));
  }

  async #send(pictures: readonly PictureToPack[]): Promise<void> {
    const archive = `${this.#owner}/${String((this.#archives += 1)).padStart(6, '0')}`;
    const { tar, index, entries } = packShard(pictures);
    const id = await this.rows.begin(archive, entries.reduce((sum, { bytes }) => sum + bytes, 0));
    const files = bucketFilesOf(archive);
    // As in a folder: an index never promises what is not there.
    await this.remote.putBytes(files.shard, tar);
    await this.remote.putBytes(files.index, index);
    await this.rows.place(id, entries);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(work);
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}
