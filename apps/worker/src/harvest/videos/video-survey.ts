import type { VideoSource } from '@argus/contracts';
import type { FoundVideo, MeasuredVideo } from '@argus/harvest';
import type { SourceVideo, VideoFiles } from './video-files.js';
import type { VideoReader } from './video-reader.js';

/** Somebody waits for the answer. */
const MOST_MS = 4000;
const MOST_OPENED = 60;
const REMEMBERED = 20_000;

export interface SurveyedVideos {
  readonly videos: readonly FoundVideo[];
  /** Things that could not be looked at. */
  readonly troubles: number;
}

/** What there is in a source, before anything is taken: all files, and the figures of some, evenly spread. What was opened once is remembered. */
export class VideoSurvey {
  readonly #known = new Map<string, MeasuredVideo | null>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly files: Pick<VideoFiles, 'find'>,
    private readonly reader: Pick<VideoReader, 'facts'>,
  ) {}

  /** @throws VideoFolderError, NamePatternError */
  async of(source: VideoSource): Promise<SurveyedVideos> {
    const { videos, troubles } = await this.files.find(source);
    const looked = this.#turn.then(() => this.#open(videos));
    this.#turn = looked.catch(() => undefined);
    await looked;
    return { videos: videos.map((video) => ({ group: video.group, bytes: video.bytes, measured: this.#known.get(keyOf(video)) })), troubles: troubles.length };
  }

  async #open(videos: readonly SourceVideo[]): Promise<void> {
    const unknown = videos.filter((video) => !this.#known.has(keyOf(video)));
    const until = performance.now() + MOST_MS;
    const step = Math.max(1, unknown.length / MOST_OPENED);
    for (let at = 0; at < unknown.length && performance.now() < until; at += step) {
      const video = unknown[Math.floor(at)] as SourceVideo;
      this.#known.set(keyOf(video), await this.reader.facts(video.path).then(({ seconds, pictures, width, height }) => ({ seconds, pictures, width, height }), () => null));
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(oldest);
    }
  }
}

const keyOf = ({ path, bytes, changedUs }: SourceVideo): string => `${bytes} ${changedUs} ${path}`;
