import type { BigIntStats, Dirent } from 'node:fs';
import { lstat, readdir, realpath } from 'node:fs/promises';
import { basename, delimiter, isAbsolute, join, normalize, sep } from 'node:path';
import { ArgusError, messageOf } from '@argus/kernel';
import { z } from 'zod';

/** ARGUS_VIDEO_DIRS: absolute paths, separated as in PATH. */
export const VideoDirs = z
  .string()
  .default('')
  .transform((text) => text.split(delimiter).filter((path) => path !== ''))
  .refine((paths) => paths.every(isAbsolute), 'expected absolute paths');

/** A folder that videos are not taken from: it is not allowed, not there, or cannot be read. */
export class VideoFolderError extends ArgusError {
  readonly code = 'harvest.video-folder';
}

export interface VideoFolderEntry {
  readonly path: string;
  readonly name: string;
  /** Video files in it, without those in folders of its own. */
  readonly videos: number;
}

/** A video file as it lies there. */
export interface FolderVideo {
  /** With all links resolved. */
  readonly path: string;
  /** Below the folder that was searched. */
  readonly name: string;
  readonly bytes: number;
  /** When it was last changed, in microseconds since 1970. */
  readonly changedUs: bigint;
}

export interface FolderVideos {
  /** In the order of their names. */
  readonly videos: readonly FolderVideo[];
  /** What could not be looked at, by its name below the folder. */
  readonly troubles: readonly { readonly video: string; readonly problem: string }[];
}

/** More is no archive, but a mistake: the root of a disk. */
const MOST_FILES = 200_000;
const DEEPEST = 64;

/**
 * Folders of video files that the operator of the server allows; read only. Links are resolved before anything is looked at, and not followed below: nothing outside of these folders is opened, listed, or told
 * to be there.
 */
export class VideoFolders {
  /**
   * @param allowed absolute
   * @param ours what Argus itself writes to; never read as videos, even within an allowed folder: recorded footage is masked and has rights of its own.
   */
  constructor(
    private readonly allowed: readonly string[],
    private readonly ours: readonly string[],
  ) {}

  /** The allowed ones that are there. */
  async roots(isVideo: (name: string) => boolean): Promise<VideoFolderEntry[]> {
    const found = await Promise.all(this.allowed.map((path) => this.resolve(path).then(() => path, () => null)));
    return Promise.all(found.filter((path) => path !== null).map((path) => entryOf(path, isVideo)));
  }

  /** Folders in one that is allowed, by name. @throws VideoFolderError */
  async within(path: string, isVideo: (name: string) => boolean): Promise<VideoFolderEntry[]> {
    const folder = await this.resolve(path);
    const ours = await this.#ours();
    const names = (await entriesOf(folder, path)).filter((entry) => entry.isDirectory() && !isIn(join(folder, entry.name), ours)).map(({ name }) => name);
    return Promise.all(names.map((name) => entryOf(join(normalize(path), name), isVideo)));
  }

  /** Where an allowed folder really is. @throws VideoFolderError */
  async resolve(path: string): Promise<string> {
    const wanted = normalize(path).replace(/(.)\/+$/, '$1');
    // Before the disk is asked: what is elsewhere is not even told to be there or not.
    if (!isIn(wanted, this.allowed.map(normalize))) throw notAllowed(path);
    const real = await realpath(wanted).catch((error: unknown) => Promise.reject(unreadable(path, error)));
    const roots = await resolved(this.allowed);
    if (!isIn(real, roots) || isIn(real, await this.#ours())) throw notAllowed(path);
    if (!(await lstat(real)).isDirectory()) throw new VideoFolderError(`expected a folder, got "${path}", which is none`, { path });
    return real;
  }

  /** Whether a file that was found is still one, and still in an allowed folder; its facts. @throws VideoFolderError */
  async statOf(path: string): Promise<BigIntStats> {
    const real = await realpath(path).catch((error: unknown) => Promise.reject(unreadable(path, error)));
    if (real !== path || !isIn(real, await resolved(this.allowed)) || isIn(real, await this.#ours())) throw notAllowed(path);
    const facts = await lstat(real, { bigint: true });
    // A pipe in its place would be opened, and never read to its end.
    if (!facts.isFile()) throw new VideoFolderError(`expected a file, got "${path}", which is none any more`, { path });
    return facts;
  }

  /** All videos in a folder, at any depth. @throws VideoFolderError */
  async videosIn(path: string, isVideo: (name: string) => boolean): Promise<FolderVideos> {
    const folder = await this.resolve(path);
    const found = { videos: [] as FolderVideo[], troubles: [] as { video: string; problem: string }[] };
    await this.#search(folder, '', isVideo, await this.#ours(), found, 0);
    return found;
  }

  async #search(folder: string, below: string, isVideo: (name: string) => boolean, ours: readonly string[], found: { videos: FolderVideo[]; troubles: { video: string; problem: string }[] }, depth: number): Promise<void> {
    let entries: Dirent[] = [];
    try {
      if (depth > DEEPEST) throw new Error(`it lies more than ${DEEPEST} folders deep`);
      entries = await entriesOf(folder, below || folder);
    } catch (error) {
      found.troubles.push({ video: below || basename(folder), problem: messageOf(error) });
    }
    for (const entry of entries) {
      const [path, name] = [join(folder, entry.name), join(below, entry.name)];
      if (entry.isDirectory() && !isIn(path, ours)) await this.#search(path, name, isVideo, ours, found, depth + 1);
      if (!entry.isFile() || !isVideo(entry.name)) continue;
      if (found.videos.length >= MOST_FILES) throw new VideoFolderError(`expected at most ${MOST_FILES} video files, there are more in it; choose a folder further down`);
      await lstat(path, { bigint: true }).then(
        ({ size, mtimeNs }) => found.videos.push({ path, name, bytes: Number(size), changedUs: mtimeNs / 1000n }),
        (error: unknown) => found.troubles.push({ video: name, problem: `it cannot be looked at: ${messageOf(error)}` }),
      );
    }
  }

  #ours(): Promise<string[]> {
    return resolved(this.ours);
  }
}

const isIn = (path: string, folders: readonly string[]): boolean => folders.some((folder) => path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep));

/** Those that are not there contain nothing. */
async function resolved(paths: readonly string[]): Promise<string[]> {
  return (await Promise.all(paths.map((path) => realpath(path).catch(() => null)))).filter((path) => path !== null);
}

async function entriesOf(folder: string, told: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => Promise.reject(unreadable(told, error)));
  return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function entryOf(path: string, isVideo: (name: string) => boolean): Promise<VideoFolderEntry> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return { path, name: basename(path) || path, videos: entries.filter((entry) => entry.isFile() && isVideo(entry.name)).length };
}

const notAllowed = (path: string): VideoFolderError => new VideoFolderError(`expected a folder within those that the operator of the server allows for videos, got "${path}"; they are set with ARGUS_VIDEO_DIRS, and links must not lead out of them`, { path });

function unreadable(path: string, error: unknown): VideoFolderError {
  const { code } = error as NodeJS.ErrnoException;
  const why = code === 'ENOENT' || code === 'ENOTDIR' ? 'it is not there' : code === 'EACCES' || code === 'EPERM' ? 'the server may not read it' : messageOf(error);
  return new VideoFolderError(`"${path}" cannot be read: ${why}`, { path }, { cause: error });
}
