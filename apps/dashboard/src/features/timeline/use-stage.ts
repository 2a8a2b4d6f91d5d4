import { useSyncExternalStore } from 'react';
import type { FootageStage } from './player/footage-stage.js';

/** Whether it plays and how fast; looks again when that changes, not with each picture. */
export function useStage(stage: FootageStage): { playing: boolean; rate: number } {
  const playing = useSyncExternalStore(stage.subscribe, () => stage.playing);
  const rate = useSyncExternalStore(stage.subscribe, () => stage.rate);
  return { playing, rate };
}
