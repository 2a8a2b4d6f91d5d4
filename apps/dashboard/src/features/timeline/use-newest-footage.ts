import { useEffect } from 'react';
import { client } from '../../app/client.js';
import type { FootageStage } from './player/footage-stage.js';
import { HOUR_MS, viewWith, type TimeView } from './time-view.js';

const LOOK_BACK_MS = [HOUR_MS, 24 * HOUR_MS, 31 * 24 * HOUR_MS] as const;
const BEFORE_END_MS = 15_000;

/** Whoever opens the page without a moment in mind sees the newest footage there is, not the seconds that no file has yet. */
export function useNewestFootage(stage: FootageStage, cameraIds: readonly string[], setView: (change: (view: TimeView) => TimeView) => void, wanted: boolean): void {
  useEffect(() => {
    if (!wanted) return;
    const abort = new AbortController();
    const startMs = stage.positionMs;
    void newestEnd(cameraIds, abort.signal).then(
      (endMs) => {
        // Somebody was quicker.
        if (endMs === null || stage.positionMs !== startMs || abort.signal.aborted) return;
        stage.seek(endMs - BEFORE_END_MS);
        setView((view) => viewWith(view, stage.positionMs));
      },
      // The ruler asks the same and says what is wrong.
      () => undefined,
    );
    return () => abort.abort();
    // Only when the page opens: later the address has a moment.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [stage]);
}

async function newestEnd(cameraIds: readonly string[], signal: AbortSignal): Promise<number | null> {
  const nowMs = Date.now();
  for (const lengthMs of LOOK_BACK_MS) {
    const { cameras } = await client.call('getTimeline', { query: { camera: cameraIds.join(','), from: new Date(nowMs - lengthMs).toISOString(), to: new Date(nowMs).toISOString(), buckets: 1 }, signal });
    const ends = cameras.flatMap(({ spans }) => spans.map(({ endAt }) => Date.parse(endAt)));
    if (ends.length > 0) return Math.max(...ends);
  }
  return null;
}
