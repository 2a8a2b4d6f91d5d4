import { statfs } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { FileStore } from '@tus/file-store';

/** What tus answers. */
export interface TusRefusal {
  readonly status_code: number;
  readonly body: string;
}

export const NO_ROOM: TusRefusal = { status_code: 507, body: 'the disk of the server is full but for what is left free; go on when there is room again\n' };
const LOOK_EVERY_BYTES = 4 * 2 ** 20;

/**
 * Files of uploads that leave some of the disk free, however many are written at once: each was let in when there was room for it, and others came since.
 */
export class SparingStore extends FileStore {
  constructor(
    directory: string,
    private readonly spareBytes: number,
  ) {
    super({ directory });
  }

  /** Bytes that may still be written. */
  async room(): Promise<number> {
    const { bavail, bsize } = await statfs(this.directory);
    return bavail * bsize - this.spareBytes;
  }

  /** @throws NO_ROOM; what was written up to there stays */
  override async write(readable: Readable, id: string, offset: number): Promise<number> {
    let isFull = false;
    const watched = async function* (this: SparingStore): AsyncGenerator<Buffer> {
      let unseen = LOOK_EVERY_BYTES;
      for await (const chunk of readable as AsyncIterable<Buffer>) {
        unseen += chunk.byteLength;
        if (unseen >= LOOK_EVERY_BYTES) {
          isFull = (await this.room()) < chunk.byteLength;
          if (isFull) throw new Error(NO_ROOM.body);
          unseen = 0;
        }
        yield chunk;
      }
    };
    try {
      return await super.write(Readable.from(watched.call(this), { objectMode: false }) as Parameters<FileStore['write']>[0], id, offset);
    } catch (error) {
      throw isFull ? NO_ROOM : error;
    }
  }
}
