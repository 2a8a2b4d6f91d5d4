import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import http, { type ClientRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import https from 'node:https';
import { Readable } from 'node:stream';
import { Client } from 'minio';
import { contentTypeOf, requireBlobKey } from '../blob-key.js';
import { digestsOf, type FileDigests } from './file-digests.js';
import type { Pace } from './pace.js';
import { RemoteFile } from './remote-file.js';
import { remoteError, RemoteStoreError } from './remote-store-error.js';

export interface S3Settings {
  /** `https://s3.example.org`, a port where it is another. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKey: string;
  readonly secretKey: string;
  /** Before every name; empty: none. */
  readonly prefix: string;
}

/** From this size on a file goes in parts of this size. */
const PART = 64 * 1024 * 1024;
/** A connection on which nothing moves for so long is given up. */
const SILENCE_MS = 30_000;

export interface RemoteEntry {
  readonly path: string;
  readonly size: number;
}

/** Files in a bucket under the same paths as on the disk. All methods throw RemoteStoreError for what the store does not do. */
export class S3Store {
  /** Address and bucket, for messages. */
  readonly where: string;
  readonly #client: Client;
  readonly #bucket: string;
  readonly #prefix: string;

  constructor(settings: S3Settings, options: { readonly silenceMs?: number } = {}) {
    const url = new URL(settings.endpoint);
    const isTls = url.protocol === 'https:';
    this.#bucket = settings.bucket;
    const prefix = settings.prefix.replace(/^\/+|\/+$/g, '');
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
    this.where = `S3 at ${url.host}, bucket ${settings.bucket}`;
    this.#client = new Client({
      endPoint: url.hostname,
      ...(url.port === '' ? {} : { port: Number(url.port) }),
      useSSL: isTls,
      region: settings.region,
      accessKey: settings.accessKey,
      secretKey: settings.secretKey,
      partSize: PART,
      // Who retries is the mover: it knows when, and says so.
      retryOptions: { disableRetry: true },
      transport: impatient(isTls ? https : http, options.silenceMs ?? SILENCE_MS),
    });
  }

  /** Whether the bucket can be used; throws why not. */
  async check(): Promise<void> {
    if (!(await this.#asked(this.#client.bucketExists(this.#bucket)))) throw this.#error('refused', 'there is no such bucket; make it first (ARGUS_S3_BUCKET)');
  }

  /** Copies a file and looks whether what arrived is the same. What the own disk refuses is thrown as it is. */
  async put(path: string, file: string, pace?: Pace, signal?: AbortSignal): Promise<FileDigests> {
    const name = this.#nameOf(path);
    const digests = await digestsOf(file, PART);
    const meta = metaOf(path, digests);
    if (digests.size < PART) {
      const bytes = await readFile(file);
      await pace?.wait(bytes.length, signal);
      await this.#asked(this.#client.putObject(this.#bucket, name, bytes, bytes.length, meta));
    } else {
      const stream = Readable.from(paced(file, pace, signal), { objectMode: false });
      // A disk that fails in the middle has to end the upload, which does not listen to its source.
      const failed = new Promise<never>((_, fail) => void stream.once('error', fail));
      const done = this.#asked(this.#client.putObject(this.#bucket, name, stream, digests.size, meta));
      await Promise.race([done, failed]).finally(() => stream.destroy());
    }
    await this.#verify(name, digests);
    return digests;
  }

  /** The same of bytes that are in memory: below 64 MB. */
  async putBytes(path: string, bytes: Buffer): Promise<void> {
    const name = this.#nameOf(path);
    const digests = await digestsOf(bytes, PART);
    await this.#asked(this.#client.putObject(this.#bucket, name, bytes, bytes.length, metaOf(path, digests)));
    await this.#verify(name, digests);
  }

  /** Bytes of a file; null: there is no such file. */
  async read(path: string, offset: number, length: number): Promise<Buffer | null> {
    return this.#range(this.#nameOf(path), offset, length).catch((error: unknown) => {
      if (isAbsent((error as Error).cause)) return null;
      throw error;
    });
  }

  /** null: there is no such file. */
  async open(path: string): Promise<RemoteFile | null> {
    const name = this.#nameOf(path);
    const found = await this.#stat(name);
    return found && new RemoteFile(found.size, (offset, length) => this.#range(name, offset, length));
  }

  async has(path: string): Promise<boolean> {
    return (await this.#stat(this.#nameOf(path))) !== null;
  }

  /** Those that are not there are no error. */
  async remove(paths: readonly string[]): Promise<void> {
    if (paths.length === 0) return;
    const answers = (await this.#asked(this.#client.removeObjects(this.#bucket, paths.map((path) => this.#nameOf(path))))) as unknown as ({ Error?: { Code?: string; Message?: string } } | null)[];
    const refusal = answers.map((answer) => answer?.Error).find((error) => error && error.Code !== 'NoSuchKey');
    if (refusal) throw this.#error('refused', `a file cannot be removed: ${refusal.Message ?? refusal.Code ?? 'no reason given'}`);
  }

  /** Every file below a folder, in the order of their names; empty: all. */
  async *list(folder = ''): AsyncGenerator<RemoteEntry> {
    try {
      for await (const { name, size } of this.#client.listObjectsV2(this.#bucket, this.#prefix + folder, true) as AsyncIterable<{ name?: string; size: number }>) {
        if (name !== undefined) yield { path: name.slice(this.#prefix.length), size };
      }
    } catch (error) {
      throw remoteError(this.where, error);
    }
  }

  /** Uploads in parts that were begun before a time and never finished: whoever takes the file up again begins anew. How many there were. */
  async clearUploads(before: Date, isOurs: (path: string) => boolean): Promise<number> {
    let cleared = 0;
    try {
      for await (const { key, uploadId, initiated } of this.#client.listIncompleteUploads(this.#bucket, this.#prefix, true) as AsyncIterable<{ key: string; uploadId: string; initiated: Date }>) {
        if (initiated >= before || !isOurs(key.slice(this.#prefix.length))) continue;
        await this.#client.abortMultipartUpload(this.#bucket, key, uploadId);
        cleared += 1;
      }
    } catch (error) {
      throw remoteError(this.where, error);
    }
    return cleared;
  }

  /** ETags of encrypted buckets are no digests: then it is read back. */
  async #verify(name: string, { size, etag, sha256 }: FileDigests): Promise<void> {
    const stored = await this.#stat(name);
    if (stored?.size !== size) throw this.#error('damaged', `${name} has ${stored?.size ?? 'no'} bytes there, ${size} were sent`);
    if (stored.etag === etag) return;
    const hash = createHash('sha256');
    await this.#asked((async () => {
      for await (const piece of await this.#client.getObject(this.#bucket, name)) hash.update(piece as Buffer);
    })());
    if (hash.digest('hex') !== sha256) throw this.#error('damaged', `${name} has other bytes there than were sent`);
  }

  async #stat(name: string): Promise<{ size: number; etag: string } | null> {
    try {
      const { size, etag } = await this.#client.statObject(this.#bucket, name);
      return { size, etag };
    } catch (error) {
      if (isAbsent(error)) return null;
      throw remoteError(this.where, error);
    }
  }

  #range(name: string, offset: number, length: number): Promise<Buffer> {
    if (length === 0) return Promise.resolve(Buffer.alloc(0));
    return this.#asked((async () => {
      const pieces: Buffer[] = [];
      for await (const piece of await this.#client.getPartialObject(this.#bucket, name, offset, length)) pieces.push(piece as Buffer);
      const bytes = Buffer.concat(pieces);
      if (bytes.length !== length) throw this.#error('damaged', `${name} gave ${bytes.length} bytes from ${offset}, ${length} were asked for`);
      return bytes;
    })());
  }

  #asked<T>(answer: Promise<T>): Promise<T> {
    return answer.catch((error: unknown) => {
      throw remoteError(this.where, error);
    });
  }

  #error(trouble: RemoteStoreError['trouble'], message: string): RemoteStoreError {
    return new RemoteStoreError(trouble, this.where, message);
  }

  #nameOf(path: string): string {
    return this.#prefix + requireBlobKey(path);
  }
}

const metaOf = (path: string, { sha256 }: FileDigests): Record<string, string> => ({ 'Content-Type': contentTypeOf(path), 'X-Amz-Meta-Sha256': sha256 });

const isAbsent = (error: unknown): boolean => ['NotFound', 'NoSuchKey'].includes((error as { code?: string } | undefined)?.code ?? '');

async function* paced(file: string, pace?: Pace, signal?: AbortSignal): AsyncGenerator<Buffer> {
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20, signal }) as AsyncIterable<Buffer>) {
    await pace?.wait(piece.length, signal);
    yield piece;
  }
}

type Answer = (response: IncomingMessage) => void;

/** The client has no time limit of its own: a store that takes a connection and says nothing would be waited for for ever. */
const impatient = (transport: typeof http | typeof https, silenceMs: number) =>
  ({
    request: (options: RequestOptions, answer: Answer): ClientRequest => {
      const request = transport.request(options, answer);
      return request.setTimeout(silenceMs, () => request.destroy(new Error(`no answer for ${Math.round(silenceMs / 1000)} s`)));
    },
  }) as Pick<typeof http, 'request'>;
