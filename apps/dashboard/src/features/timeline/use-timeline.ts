import type { CameraTimeline, Timeline } from '@argus/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { client } from '../../app/client.js';
import { knownFootage, type KnownFootage } from './footage-spans.js';
import type { FootageStage } from './player/footage-stage.js';
import { HOUR_MS, blockOf, spanOf, viewAround, type TimeView } from './time-view.js';

const REFRESH_MS = 5000;
const AROUND_MS = 4 * HOUR_MS;
const iso = (ms: number) => new Date(ms).toISOString();

/** Of a view and somewhat more: spans, motion, marks by camera. The last answer stays until the next has come. */
export function useTimeline(cameraIds: readonly string[], view: TimeView) {
  const wanted = blockOf(useDeferredValue(view));
  const query = useBlock(cameraIds, wanted, Math.min(2000, Math.round(1000 * (spanOf(wanted) / spanOf(view)))));
  const rows = useMemo(() => byCamera(query.data), [query.data]);
  const known = useMemo(() => query.data && { fromMs: Date.parse(query.data.from), toMs: Date.parse(query.data.to) }, [query.data]);
  return { query, rows, known: known ?? null };
}

/** What the players need to know: where there is footage around the place that is played, whatever the ruler shows. */
export function useFootageAround(cameraIds: readonly string[], stage: FootageStage): ReadonlyMap<string, KnownFootage> {
  const [block, setBlock] = useState(() => blockOf(viewAround(stage.positionMs, AROUND_MS)));
  useEffect(() => {
    const look = () => {
      const next = blockOf(viewAround(stage.positionMs, AROUND_MS));
      setBlock((old) => (old.fromMs === next.fromMs && old.toMs === next.toMs ? old : next));
    };
    const timer = setInterval(look, 1000);
    const stop = stage.subscribe(look);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [stage]);
  const { data, dataUpdatedAt } = useBlock(cameraIds, block, 1);
  return useMemo(() => {
    if (!data) return new Map();
    const asked = { fromMs: Date.parse(data.from), toMs: Date.parse(data.to) };
    return new Map(data.cameras.map((camera) => [camera.cameraId as string, knownFootage(camera, asked, dataUpdatedAt)]));
  }, [data, dataUpdatedAt]);
}

function useBlock(cameraIds: readonly string[], { fromMs, toMs }: TimeView, buckets: number) {
  const camera = cameraIds.join(',');
  return useQuery({
    queryKey: ['getTimeline', camera, fromMs, toMs, buckets],
    queryFn: ({ signal }) => client.call('getTimeline', { query: { camera, from: iso(fromMs), to: iso(toMs), buckets }, signal }),
    enabled: cameraIds.length > 0,
    placeholderData: keepPreviousData,
    // What is past does not change, but the present is in it.
    refetchInterval: () => (toMs > Date.now() ? REFRESH_MS : 60_000),
    staleTime: 2000,
  });
}

const byCamera = (timeline: Timeline | undefined): ReadonlyMap<string, CameraTimeline> => new Map((timeline?.cameras ?? []).map((camera) => [camera.cameraId as string, camera]));
