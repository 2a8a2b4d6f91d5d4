import { stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { S3Uploads } from './s3-uploads.js';

/** What of s3rver is used; it has no types. */
interface S3rver {
  callback(): (request: IncomingMessage, response: ServerResponse) => void;
  configureBuckets(): Promise<unknown>;
  readonly store: Files;
}
interface Files {
  putObject(object: { readonly bucket: string; readonly key: string }): Promise<{ size: number }>;
  deleteObject(bucket: string, key: string): Promise<void>;
  getResourcePath(bucket: string, key: string, resource: 'object'): string;
}
type S3rverClass = new (options: { directory: string; silent: boolean; vhostBuckets: boolean; allowMismatchedSignatures: boolean; configureBuckets: { name: string }[] }) => S3rver;

/** `silent`: takes requests and never answers. A number: this status to everything. */
export type S3Fault = 'silent' | number | null;

/** A real S3 server on loopback with its files in a folder. It takes any secret: it proves no authentication. */
export interface S3 {
  readonly endpoint: string;
  readonly bucket: string;
  /** `PUT`, `HEAD`, … of requests so far. */
  readonly methods: readonly string[];
  /** Uploads in parts that are under way, or broke off. */
  readonly uploads: S3Uploads;
  fault(fault: S3Fault): void;
  /** As if it were killed: connections break, nobody listens. Its files stay. */
  kill(): Promise<void>;
  /** On the same port. */
  restart(): Promise<void>;
}

const ACCESS = { accessKey: 'S3RVER', secretKey: 'S3RVER', region: 'us-east-1' };
export const S3_ACCESS: Readonly<typeof ACCESS> = ACCESS;

export async function startS3(directory: string, bucket = 'footage'): Promise<S3> {
  const methods: string[] = [];
  const uploads = new S3Uploads(directory, bucket);
  let fault: S3Fault = null;
  let server: Server | null = null;
  let port = 0;
  const listen = async () => {
    const S3rver = createRequire(import.meta.url)('s3rver') as S3rverClass;
    const store = new S3rver({ directory, silent: true, vhostBuckets: false, allowMismatchedSignatures: false, configureBuckets: [{ name: bucket }] });
    waitForDisk(store.store);
    removeOneByOne(store.store);
    await store.configureBuckets();
    const handle = store.callback();
    const started = createServer((request, response) => {
      methods.push(request.method ?? '');
      if (fault === 'silent') return;
      if (fault !== null) response.writeHead(fault).end();
      else void uploads.answer(request, response).then((isAnswered) => isAnswered || handle(request, response), (error: unknown) => response.destroy(error as Error));
    });
    await new Promise<void>((resolve, reject) => started.once('error', reject).listen(port, '127.0.0.1', resolve));
    server = started;
    port = (started.address() as AddressInfo).port;
  };
  await listen();
  return {
    endpoint: `http://127.0.0.1:${port}`,
    bucket,
    methods,
    uploads,
    fault: (next) => void (fault = next),
    kill: async () => {
      const running = server;
      server = null;
      if (!running) return;
      running.closeAllConnections();
      await new Promise((closed) => running.close(closed));
    },
    restart: listen,
  };
}

/** s3rver answers when it has read everything, which is before it has written everything. */
function waitForDisk(files: Files): void {
  const put = files.putObject.bind(files);
  files.putObject = async (object) => {
    const stored = await put(object);
    const path = files.getResourcePath(object.bucket, object.key, 'object');
    while ((await stat(path)).size < stored.size) await sleep(2);
    return stored;
  };
}

/** s3rver removes folders that have become empty, and fails where two objects of one folder go at once. */
function removeOneByOne(files: Files): void {
  const remove = files.deleteObject.bind(files);
  let turn: Promise<unknown> = Promise.resolve();
  files.deleteObject = (bucket, key) => {
    const removed = turn.then(() => remove(bucket, key));
    turn = removed.catch(() => undefined);
    return removed;
  };
}
