import type { RecordingHold } from '@argus/contracts';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useDeferredValue } from 'react';
import { useCan } from '../../app/account.js';
import { client } from '../../app/client.js';
import { blockOf, type TimeView } from './time-view.js';

const MOST = 500;
const NONE: readonly RecordingHold[] = [];

/** Ranges that somebody protects, of these cameras in what the ruler shows and somewhat more; none for who may not protect footage. */
export function useHolds(cameraIds: readonly string[], view: TimeView): readonly RecordingHold[] {
  const can = useCan();
  const { fromMs, toMs } = blockOf(useDeferredValue(view));
  const query = { camera: cameraIds.join(','), from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString(), limit: MOST };
  const { data } = useQuery({
    queryKey: ['listHolds', query],
    queryFn: ({ signal }) => client.call('listHolds', { query, signal }),
    enabled: can('recording.hold') && cameraIds.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
    staleTime: 5000,
  });
  return data?.items ?? NONE;
}

/** What is protected at a moment of a camera. */
export const holdsAt = (holds: readonly RecordingHold[], cameraId: string, ms: number): RecordingHold[] => holds.filter((hold) => hold.cameraId === cameraId && Date.parse(hold.from) <= ms && Date.parse(hold.to) > ms);

/** Oldest first, those that reach into the view. */
export const holdsIn = (holds: readonly RecordingHold[], { fromMs, toMs }: TimeView): RecordingHold[] =>
  holds.filter((hold) => Date.parse(hold.from) < toMs && Date.parse(hold.to) > fromMs).sort((one, other) => one.from.localeCompare(other.from));
