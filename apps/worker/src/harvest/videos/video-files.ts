import { readFile, stat } from 'node:fs/promises';
import { basename, join, normalize } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { UploadId, VideoSource } from '@argus/contracts';
import { isVideoName, videoChooser, videoGroupOf } from '@argus/harvest';
import type { VideoFolders } from '@argus/storage';
import { storable } from '../../dataset-jobs/storable.js';

/** A video file that a source means. */
export interface SourceVideo {
  /** Where it lies, with all links resolved. */
  readonly path: string;
  /** As people know it: its path below the source's folder, or the name that it was uploaded with. */
  readonly name: string;
  readonly group: string;
  readonly bytes: number;
  readonly changedUs: bigint;
}

export interface SourceVideos {
  readonly videos: readonly SourceVideo[];
  readonly troubles: readonly { readonly video: string; readonly problem: string }[];
}

/** Whether a file is still the one that was planned. */
export type VideoIdentity = Pick<SourceVideo, 'bytes' | 'changedUs'>;

/** Files of sources, and nothing else: what a folder's operator allows, and uploads. */
export class VideoFiles {
  constructor(
    private readonly folders: Pick<VideoFolders, 'videosIn' | 'statOf'>,
    private readonly uploadsDir: string,
  ) {}

  /** @throws VideoFolderError, NamePatternError */
  async find(source: VideoSource): Promise<SourceVideos> {
    const isMeant = videoChooser(source);
    const { videos, troubles } = source.kind === 'folder' ? await this.folders.videosIn(source.path, isVideoName) : await this.#uploads(source.uploadIds);
    const root = source.kind === 'folder' ? basename(normalize(source.path)) || 'root' : 'uploads';
    const meant: typeof videos[number][] = [];
    for (const [index, video] of videos.entries()) {
      // Many expressions over a large archive take their time: others have their turn.
      if (index % 100 === 0) await setImmediate();
      if (isMeant(video.name)) meant.push(video);
    }
    return { troubles, videos: meant.map((video) => ({ ...video, name: storable(video.name), group: storable(videoGroupOf(video.name, source.grouping, root)).slice(0, 300) })) };
  }

  /** @throws VideoFolderError, or the error of the file system */
  async identityOf({ kind }: VideoSource, path: string): Promise<VideoIdentity> {
    if (kind === 'uploads') return { bytes: (await stat(path)).size, changedUs: 0n };
    const { size, mtimeNs } = await this.folders.statOf(path);
    return { bytes: Number(size), changedUs: mtimeNs / 1000n };
  }

  async #uploads(ids: readonly UploadId[]): Promise<{ videos: Omit<SourceVideo, 'group'>[]; troubles: SourceVideos['troubles'] }> {
    const found = await Promise.all(ids.map((id) => this.#upload(id)));
    return { videos: found.filter((one) => 'path' in one), troubles: found.filter((one) => 'problem' in one) };
  }

  /** An upload never changes: once it is whole, nobody can write to it. */
  async #upload(id: UploadId): Promise<Omit<SourceVideo, 'group'> | { readonly video: string; readonly problem: string }> {
    const path = join(this.uploadsDir, id);
    try {
      const { size = 0, metadata = {} } = JSON.parse(await readFile(`${path}.json`, 'utf8')) as { size?: number; metadata?: { filename?: string } };
      const name = nameOf(metadata.filename ?? '') || id;
      const { size: bytes } = await stat(path);
      return bytes === size && bytes > 0 ? { path, name, bytes, changedUs: 0n } : { video: name, problem: `only ${bytes} of ${size} bytes of it were uploaded` };
    } catch {
      return { video: id, problem: 'the upload is not there any more' };
    }
  }
}

/** A name that somebody sent: no path that leads anywhere, only folders to group by. */
const nameOf = (sent: string): string => sent.split(/[/\\]/).filter((step) => step !== '' && step !== '.' && step !== '..').join('/').slice(-300);
