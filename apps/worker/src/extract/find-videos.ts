import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { messageOf } from '@argus/kernel';
import type { Grouping } from './options.js';

/** What a folder is searched for; a file that is named is taken whatever it is called. */
const EXTENSIONS = new Set(['.mp4', '.m4v', '.mov', '.mkv', '.webm', '.avi', '.ts', '.m2ts', '.mts', '.mpg', '.mpeg', '.vob', '.flv', '.wmv', '.asf', '.3gp', '.mxf', '.ogv', '.dav', '.h264', '.h265', '.264', '.265', '.hevc']);

export interface FoundVideos {
  /** Absolute, sorted, each once. */
  readonly videos: readonly string[];
  /** Paths that could not be looked at, with the reason. */
  readonly failed: readonly { readonly path: string; readonly message: string }[];
}

/** The videos at these paths. Folders are searched to any depth, but not where links lead to, nor into `except`: pictures are written there. */
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
      else if (entry.isFile() && EXTENSIONS.has(extname(entry.name).toLowerCase())) videos.add(path);
    }
  } catch (error) {
    failed.push({ path: folder, message: messageOf(error) });
  }
}

/** What a video belongs to, e.g. a camera; not yet safe as a name. */
export function groupOf(path: string, grouping: Grouping): string {
  if (grouping === 'folder') return basename(dirname(path)) || 'root';
  const stem = stemOf(path);
  return stem.split(/[_-]/u)[0] || stem;
}

/** A file's name without its extension. */
export const stemOf = (path: string): string => basename(path, extname(path));
