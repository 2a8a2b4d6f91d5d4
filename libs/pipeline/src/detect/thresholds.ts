import type { ModelManifest, PipelineSettings } from '@argus/contracts';

export interface TrackerThresholds {
  /** Detections from here on may start a track. */
  readonly highScore: number;
  /** Detections from here on may carry a track on that exists. */
  readonly lowScore: number;
}

/** Weak detections of a known object are worth keeping: an occluded person scores half of a free one. */
const LOW_SHARE = 0.4;

/** The two score thresholds of a camera: the pipeline's, else the model package's, and what follows from it. */
export function thresholdsOf(settings: Pick<PipelineSettings, 'minScore'>, manifest: Pick<ModelManifest, 'thresholds'>): TrackerThresholds {
  const highScore = settings.minScore ?? manifest.thresholds.score;
  return { highScore, lowScore: Math.max(0.05, highScore * LOW_SHARE) };
}
