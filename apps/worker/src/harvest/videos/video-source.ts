import type { HarvestRecipe, VideoSource } from '@argus/contracts';
import type { HarvestSource } from '../harvest-source.js';
import { ReaderPool } from '../reader-pool.js';
import { planVideos } from './plan-videos.js';
import { runVideoPart, type VideoPartWork } from './run-video-part.js';
import { VideoReader } from './video-reader.js';

/** Video files, in a folder of the server or uploaded. */
export function videoSource(work: Omit<VideoPartWork, 'reader' | 'threads'>): HarvestSource {
  const readers = new ReaderPool(() => new VideoReader());
  return {
    plan: (run, sets) => planVideos(run, videosOf(run.recipe), sets, work),
    work: (part, signal) => readers.use((reader) => runVideoPart(part, videosOf(part.recipe), { ...work, reader, threads: 1 }, signal)),
    close: () => readers.close(),
  };
}

function videosOf({ source }: HarvestRecipe): VideoSource {
  if (source.kind === 'cameras') throw new TypeError('expected a recipe of video files, got one of cameras');
  return source;
}
