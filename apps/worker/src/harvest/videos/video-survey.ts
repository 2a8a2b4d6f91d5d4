import type { HarvestTrouble, VideoSource } from '@argus/contracts';
import type { FoundVideo, MeasuredVideo } from '@argus/harvest';
import { messageOf } from '@argus/kernel';
import { storable } from '../../dataset-jobs/storable.js';
import type { SourceVideo, VideoFiles } from './video-files.js';
import type { VideoReader } from './video-reader.js';

/** Somebody waits for the answer. */
const MOST_MS = 4000;
const MOST_OPENED = 60;
const REMEMBERED = 20_000;
const MOST_NAMED = 10;
const MOST_SIGNS = 500;

export interface SurveyedVideos {
  readonly videos: readonly FoundVideo[];
  /** Things that could not be looked at. */
  readonly troubles: number;
  /** The first of them, and of the videos that cannot be opened. */
  readonly named: readonly HarvestTrouble[];
}

/** Why it cannot be opened. */
interface Unreadable {
  readonly problem: string;
}

/** What there is in a source, before anything is taken: all files, and the figures of some, evenly spread. What was opened once is remembered. */
export class VideoSurvey {
  readonly #known = new Map<string, MeasuredVideo | Unreadable>();
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
    const named = troubles.slice(0, MOST_NAMED);
    const found = videos.map((video) => {
      const known = this.#known.get(keyOf(video));
      const isBad = known !== undefined && 'problem' in known;
      // Where it lies on the server is nobody's business.
      if (isBad && named.length < MOST_NAMED) named.push({ video: video.name, problem: known.problem.replaceAll(video.path, video.name) });
      return { group: video.group, bytes: video.bytes, measured: isBad ? null : known };
    });
    return { videos: found, troubles: troubles.length, named: storable(named.map(({ video, problem }) => ({ video: video.slice(0, MOST_SIGNS), problem: problem.slice(0, MOST_SIGNS) }))) };
  }

  async #open(videos: readonly SourceVideo[]): Promise<void> {
    const unknown = videos.filter((video) => !this.#known.has(keyOf(video)));
    const until = performance.now() + MOST_MS;
    const step = Math.max(1, unknown.length / MOST_OPENED);
    for (let at = 0; at < unknown.length && performance.now() < until; at += step) {
      const video = unknown[Math.floor(at)] as SourceVideo;
      this.#known.set(keyOf(video), await this.reader.facts(video.path).then(({ seconds, pictures, width, height }) => ({ seconds, pictures, width, height }), (error: unknown) => ({ problem: messageOf(error) })));
    }
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= REMEMBERED) break;
      this.#known.delete(oldest);
    }
  }
}

const keyOf = ({ path, bytes, changedUs }: SourceVideo): string => `${bytes} ${changedUs} ${path}`;
