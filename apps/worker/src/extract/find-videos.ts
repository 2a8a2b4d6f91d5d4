import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isVideoName } from '@argus/harvest';
import { messageOf } from '@argus/kernel';

export interface FoundVideos {
  /** Absolute, sorted, each once. */
  readonly videos: readonly string[];
  /** Paths that could not be looked at, with the reason. */
  readonly failed: readonly { readonly path: string; readonly message: string }[];
}

/** The videos at these paths; a file that is named is taken whatever it is called. Folders are searched to any depth, but not where links lead to, nor into `except`: pictures are written there. */
export async function findVideos(paths: readonly string[], except: string): Promise<FoundVideos> {
  const videos = new Set<string>();
  const failed: { path: string; message: string }[] = [];
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) await search(path, except, videos, failed);
      else videos.add(path);
    } catch (error) {
      failed.push({ path, message: messageOf(error) });
    }
  }
  return { videos: [...videos].sort(), failed };
}

async function search(folder: string, except: string, videos: Set<string>, failed: { path: string; message: string }[]): Promise<void> {
  if (folder === except) return;
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await search(path, except, videos, failed);
      else if (entry.isFile() && isVideoName(entry.name)) videos.add(path);
    }
  } catch (error) {
    failed.push({ path: folder, message: messageOf(error) });
  }
}
