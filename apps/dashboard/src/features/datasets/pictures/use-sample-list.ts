import type { Dataset } from '@argus/contracts';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { FoundList, type Sought } from './found-list.js';
import { SampleList, type SampleListQuery } from './sample-list.js';

/** A set into which pictures are harvested changes each second; its list is read anew not more often than this, and a long one for a small share of the time. */
const REST_MS = 3000;
const REST_SHARE = 5;

interface Loaded {
  readonly list: SampleList | null;
  readonly version: string;
  readonly atMs: number;
  readonly tookMs: number;
  /** Read beside the one that is shown. */
  readonly next: SampleList | null;
}

const NOTHING: Sought = { text: null, like: null, picture: null };
const newList = (id: Dataset['id'], query: SampleListQuery, sought: Sought, before?: SampleList): SampleList => (sought.text === null && sought.like === null && sought.picture === null ? new SampleList(id, query, before) : new FoundList(id, query, sought, before));

const NEVER: Loaded = { list: null, version: '', atMs: 0, tookMs: 0, next: null };

/** The list of a set's pictures, read anew when the set has changed; the old one is shown until the new one is whole. */
export function useSampleList({ id, updatedAt, counts }: Dataset, query: SampleListQuery, sought: Sought = NOTHING): { list: SampleList; reload: () => void } {
  const key = JSON.stringify([id, query, sought.text, sought.like, sought.picture?.url]);
  const [list, setList] = useState(() => newList(id, query, sought));
  const [shownKey, setShownKey] = useState(key);
  if (shownKey !== key) {
    // Another filter: nothing of the old list may be seen under it.
    setShownKey(key);
    setList(newList(id, query, sought));
  }
  useSyncExternalStore(list.subscribe, list.revision);
  const version = `${updatedAt} ${counts.samples}`;
  const loaded = useRef(NEVER);
  const reload = useCallback(() => {
    const next = newList(list.datasetId, list.query, list instanceof FoundList ? list.sought : NOTHING, list);
    const atMs = Date.now();
    loaded.current.next?.close();
    loaded.current = { ...loaded.current, atMs, next };
    void next.load().then(() => {
      if (loaded.current.next !== next) return;
      loaded.current = { ...loaded.current, tookMs: Date.now() - atMs, next: null, ...(next.isComplete ? { list: next } : {}) };
      if (next.isComplete) setList(next);
    });
  }, [list]);
  useEffect(() => {
    const last = loaded.current;
    if (last.list !== list) {
      last.list?.close();
      last.next?.close();
      loaded.current = { ...NEVER, list, version, atMs: Date.now() };
      if (!list.isComplete) void list.load();
      return;
    }
    if (last.version === version) return;
    const timer = setTimeout(
      () => {
        loaded.current = { ...loaded.current, version };
        reload();
      },
      Math.max(0, last.atMs + Math.max(REST_MS, last.tookMs * REST_SHARE) - Date.now()),
    );
    return () => clearTimeout(timer);
  }, [list, version, reload]);
  return { list, reload };
}
