import { basename, dirname, extname } from 'node:path';
import type { VideoGrouping } from '@argus/contracts';

/** What a folder is searched for. */
const EXTENSIONS = new Set(['.mp4', '.m4v', '.mov', '.mkv', '.webm', '.avi', '.ts', '.m2ts', '.mts', '.mpg', '.mpeg', '.vob', '.flv', '.wmv', '.asf', '.3gp', '.mxf', '.ogv', '.dav', '.h264', '.h265', '.264', '.265', '.hevc']);

export const isVideoName = (name: string): boolean => EXTENSIONS.has(extname(name).toLowerCase());

/** A file's name without its extension. */
export const stemOf = (path: string): string => basename(path, extname(path));

/** What a video belongs to, e.g. a camera; not yet safe as a name. `root`: of what lies in no folder. */
export function videoGroupOf(path: string, grouping: VideoGrouping, root = 'root'): string {
  if (grouping === 'folder') {
    const folder = basename(dirname(path));
    return folder === '' || folder === '.' ? root : folder;
  }
  const stem = stemOf(path);
  return stem.split(/[_-]/u)[0] || stem;
}
