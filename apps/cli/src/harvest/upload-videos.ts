import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { UploadId } from '@argus/contracts';
import { isVideoName } from '@argus/harvest';
import type { GatewayAccess } from '../connection/gateway-access.js';
import { uploadFile } from '../dataset/upload-file.js';
import { UploadMemory } from '../dataset/upload-memory.js';
import { BadFileError } from '../errors.js';

const MOST = 500;

/** Sends video files, and those in folders; what was sent before, whole or in part, is not sent again. @throws BadFileError, ServiceFailedError */
export async function uploadVideos(access: GatewayAccess, paths: readonly string[], { cwd, memory, say }: { readonly cwd: string; readonly memory: UploadMemory; readonly say: (line: string) => void }): Promise<UploadId[]> {
  const files = (await Promise.all(paths.map((path) => videosAt(resolve(cwd, path))))).flat();
  if (files.length === 0) throw new BadFileError(`${paths.join(', ')}: expected video files, there are none`);
  if (files.length > MOST) throw new BadFileError(`expected at most ${MOST} video files in one recipe, got ${files.length}; put them on the server, and use --videos`);
  const ids: UploadId[] = [];
  for (const [index, { path, name }] of files.entries()) {
    const about = `${index + 1} of ${files.length}: ${name}`;
    ids.push(UploadId.parse(await uploadFile(access, path, (line) => say(`${about}, ${line}`), { name, memory, wanted: 'a video file' })));
  }
  return ids;
}

/** Named by the folders that they lie in, for groups. */
async function videosAt(path: string): Promise<{ path: string; name: string }[]> {
  const known = await stat(path).catch(() => Promise.reject(new BadFileError(`${path}: there is no such file or folder`)));
  if (!known.isDirectory()) return [{ path, name: basename(path) }];
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  const names = entries.filter((entry) => entry.isFile() && isVideoName(entry.name)).map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1));
  return names.sort().map((name) => ({ path: join(path, name), name: join(basename(path), name) }));
}
