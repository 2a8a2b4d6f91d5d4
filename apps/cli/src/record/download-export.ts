import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createApiClient } from '@argus/api-client';
import type { Export } from '@argus/contracts';
import type { GatewayAccess } from '../connection/gateway-access.js';
import { BadFileError, NotRunningError } from '../errors.js';

/** All files of a finished export and its manifest, each under its own name once its digest is right; answers the names. @throws BadFileError */
export async function downloadExport(access: GatewayAccess, done: Export, folder: string, say: (line: string) => void): Promise<string[]> {
  const { url } = createApiClient({ baseUrl: access.url });
  await mkdir(folder, { recursive: true });
  const wanted = [
    ...done.files.map(({ name, sha256 }) => ({ name, sha256, address: url('getExportFile', { params: { id: done.id, name } }) })),
    { name: 'manifest.json', sha256: done.manifestSha256 ?? '', address: url('getExportManifest', { params: { id: done.id } }) },
  ];
  for (const file of wanted) {
    say(`Downloading ${file.name} …`);
    await download(access, file, folder);
  }
  await writeFile(join(folder, 'manifest.sha256'), `${done.manifestSha256}  manifest.json\n`);
  return [...wanted.map(({ name }) => name), 'manifest.sha256'];
}

export interface WantedFile {
  readonly name: string;
  readonly sha256: string;
  readonly address: string;
}

/** Under its own name once its digest is right. @throws BadFileError */
export async function download({ token }: GatewayAccess, { name, sha256, address }: WantedFile, folder: string): Promise<void> {
  if (basename(name) !== name || name.startsWith('.')) throw new BadFileError(`expected a plain file name from the server, got "${name}"`);
  const response = await fetch(address, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok || response.body === null) throw new NotRunningError(`${name} could not be downloaded: the server answered ${response.status}`);
  const part = join(folder, `${name}.part`);
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]), hashing, createWriteStream(part));
  const digest = hash.digest('hex');
  if (digest !== sha256) {
    await rm(part, { force: true });
    throw new BadFileError(`${name}: expected the digest ${sha256}, got ${digest}; it was damaged on its way or on the server`, { name });
  }
  await rename(part, join(folder, name));
}
