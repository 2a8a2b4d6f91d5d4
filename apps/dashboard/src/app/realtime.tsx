import type { EventView, ServerToClientMessages, SystemStatus } from '@argus/contracts';
import type { RouteName } from '@argus/api-client';
import { createContext, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import type { Socket } from 'socket.io-client';
import { refresh } from './calls.js';
import { queryClient } from './client.js';
import { withCameraState, withCameraStats, withEngine } from './system-patch.js';

type Noun = Parameters<ServerToClientMessages['changed']>[0];
type EventListener = (event: EventView) => void;

const STALE_BY: Readonly<Record<Noun, readonly RouteName[]>> = {
  camera: ['listCameras', 'getCamera', 'getSystem', 'listPipelines', 'getLearnGuide'],
  pipeline: ['listPipelines', 'getSystem'],
  rule: ['listRules', 'getRule', 'listPipelines'],
  webhook: ['listWebhooks', 'getWebhook'],
  delivery: ['listDeliveries'],
  user: ['listUsers', 'getAuthState'],
  'api-key': ['listApiKeys'],
  model: ['listModels', 'listPipelines', 'getSystem', 'getTuning'],
  tuning: ['getTuning', 'getSystem'],
  export: ['listExports'],
  harvest: ['listHarvestRecipes', 'getHarvestRecipe', 'listHarvestRuns', 'getHarvestRun', 'getLearnGuide'],
  dataset: ['listDatasets', 'getDataset', 'listSamples', 'getSample', 'getDatasetMatrix', 'getDatasetStatistics', 'getDatasetTime', 'listDatasetVersions', 'listDatasetOrigins', 'listDatasetJobs', 'getLearnGuide'],
};

interface Realtime {
  /** When the link to the gateway was lost; null while it stands. */
  readonly lostSince: number | null;
  readonly onEvent: (listener: EventListener) => () => void;
}

const RealtimeContext = createContext<Realtime>({ lostSince: null, onEvent: () => () => undefined });

/** News before the first full answer are dropped: the answer will hold them. */
const patch = (change: (status: SystemStatus) => SystemStatus) =>
  queryClient.setQueryData<SystemStatus>(['getSystem', {}], (status) => (status ? change(status) : status));

/** Socket.IO with the browser's session: news of events, camera states and configuration while the page is open. */
export function RealtimeProvider({ children }: { children: ReactNode }) {
  const listeners = useRef(new Set<EventListener>());
  const [lostSince, setLostSince] = useState<number | null>(null);
  useEffect(() => {
    let socket: Socket<ServerToClientMessages> | undefined;
    let over = false;
    void import('socket.io-client').then(({ io }) => {
      if (over) return;
      socket = io({ reconnectionDelay: 500, reconnectionDelayMax: 5000, transports: ['websocket', 'polling'] });
      socket.on('connect', () => {
        setLostSince((since) => {
          // What happened while the link was down was never sent: ask again.
          if (since !== null) refresh(['getSystem', 'listEvents', 'listCameras', 'listRules', 'listWebhooks']);
          return null;
        });
      });
      const lost = () => setLostSince((since) => since ?? Date.now());
      socket.on('disconnect', lost);
      socket.on('connect_error', lost);
      socket.on('event', (event) => listeners.current.forEach((listener) => listener(event)));
      socket.on('camera-state', (state) => patch((status) => withCameraState(status, state)));
      socket.on('camera-stats', (stats) => patch((status) => withCameraStats(status, stats)));
      socket.on('engine', (engine, compute) => patch((status) => withEngine(status, engine, compute)));
      socket.on('changed', (noun) => refresh(STALE_BY[noun] ?? []));
    });
    return () => {
      over = true;
      socket?.disconnect();
    };
  }, []);
  const value = useMemo<Realtime>(
    () => ({
      lostSince,
      onEvent: (listener) => {
        listeners.current.add(listener);
        return () => listeners.current.delete(listener);
      },
    }),
    [lostSince],
  );
  return <RealtimeContext value={value}>{children}</RealtimeContext>;
}

export const useRealtime = (): Realtime => useContext(RealtimeContext);

/** Calls `listener` for each new revision of an event. */
export function useEventNews(listener: EventListener): void {
  const { onEvent } = useRealtime();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => onEvent((event) => latest.current(event)), [onEvent]);
}
