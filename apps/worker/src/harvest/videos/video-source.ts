import type { HarvestRecipe, VideoSource } from '@argus/contracts';
import type { HarvestSource } from '../harvest-source.js';
import { planVideos } from './plan-videos.js';
import { runVideoPart, type VideoPartWork } from './run-video-part.js';
import { VideoReader } from './video-reader.js';

/** Video files, in a folder of the server or uploaded. */
export function videoSource(work: Omit<VideoPartWork, 'reader' | 'threads'>): HarvestSource {
  const free: VideoReader[] = [];
  return {
    plan: (run, datasetId) => planVideos(run, videosOf(run.recipe), datasetId, work),
    async work(part, signal) {
      const reader = free.pop() ?? new VideoReader();
      try {
        await runVideoPart(part, videosOf(part.recipe), { ...work, reader, threads: 1 }, signal);
      } finally {
        free.push(reader);
      }
    },
    close() {
      for (const reader of free) reader.close();
    },
  };
}

function videosOf({ source }: HarvestRecipe): VideoSource {
  if (source.kind === 'cameras') throw new TypeError('expected a recipe of video files, got one of cameras');
  return source;
}
