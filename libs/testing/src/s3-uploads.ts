import { readdir, readFile, rm, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';

/**
 * What s3rver lacks of uploads in parts: it takes them and puts them together, but does not list or abort what was begun. Without it no client could
 * go on with an upload that broke off, or clear it away. Reads the folder in which s3rver keeps them; signatures are not looked at.
 */
export class S3Uploads {
  readonly #folder: string;

  constructor(
    directory: string,
    private readonly bucket: string,
  ) {
    this.#folder = join(directory, bucket, '._S3rver_uploads');
  }

  /** Begun and neither finished nor aborted. */
  async open(): Promise<{ readonly key: string; readonly id: string; readonly begunAt: Date }[]> {
    const ids = await readdir(this.#folder).catch(() => []);
    return Promise.all(ids.map(async (id) => ({ id, key: await readFile(join(this.#folder, id, 'key'), 'utf8'), begunAt: (await stat(join(this.#folder, id, 'key'))).mtime })));
  }

  /** Bytes of parts that have arrived, whole or not. */
  async bytes(): Promise<number> {
    const ids = await readdir(this.#folder).catch(() => []);
    const sizes = await Promise.all(ids.flatMap(async (id) => Promise.all((await this.#partFiles(id)).map(async (name) => (await stat(join(this.#folder, id, name))).size))));
    return sizes.flat().reduce((sum, size) => sum + size, 0);
  }

  /** True: it was answered. */
  async answer(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const { searchParams } = new URL(request.url ?? '', 'http://s3');
    const id = searchParams.get('uploadId');
    if (request.method === 'GET' && searchParams.has('uploads')) send(response, await this.#list(searchParams.get('prefix') ?? ''));
    else if (request.method === 'GET' && id !== null) send(response, await this.#parts(id));
    else if (request.method === 'DELETE' && id !== null) {
      await rm(join(this.#folder, id), { recursive: true, force: true });
      response.writeHead(204).end();
    } else return false;
    return true;
  }

  async #list(prefix: string): Promise<string> {
    const uploads = (await this.open()).filter(({ key }) => key.startsWith(prefix)).map(({ key, id, begunAt }) => `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${begunAt.toISOString()}</Initiated></Upload>`);
    return `<ListMultipartUploadsResult><Bucket>${this.bucket}</Bucket>${uploads.join('')}<IsTruncated>false</IsTruncated></ListMultipartUploadsResult>`;
  }

  /** Only those that have arrived whole: s3rver writes their digest then. */
  async #parts(id: string): Promise<string> {
    const parts = await Promise.all(
      (await this.#partFiles(id)).map(async (number) => {
        const etag = await readFile(join(this.#folder, id, `${number}.md5`), 'utf8').catch(() => null);
        return etag === null ? '' : `<Part><PartNumber>${number}</PartNumber><ETag>"${etag}"</ETag><Size>${(await stat(join(this.#folder, id, number))).size}</Size></Part>`;
      }),
    );
    return `<ListPartsResult><UploadId>${id}</UploadId>${parts.join('')}<IsTruncated>false</IsTruncated></ListPartsResult>`;
  }

  async #partFiles(id: string): Promise<string[]> {
    return (await readdir(join(this.#folder, id)).catch(() => [])).filter((name) => /^\d+$/.test(name));
  }
}

function send(response: ServerResponse, xml: string): void {
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(`<?xml version="1.0" encoding="UTF-8"?>${xml}`);
}
