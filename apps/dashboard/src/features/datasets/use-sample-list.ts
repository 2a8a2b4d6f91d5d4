import type { Dataset } from '@argus/contracts';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { SampleList, type SampleListQuery } from './sample-list.js';

/** A set into which pictures are harvested changes each second; its list is read anew not more often than this. */
const REST_MS = 3000;

/** The list of a set's pictures, read anew when the set has changed; the old one is shown until the new one is whole. */
export function useSampleList({ id, updatedAt, counts }: Dataset, query: SampleListQuery): { list: SampleList; reload: () => void } {
  const key = JSON.stringify([id, query]);
  const [list, setList] = useState(() => new SampleList(id, query));
  const [shownKey, setShownKey] = useState(key);
  if (shownKey !== key) {
    // Another filter: nothing of the old list may be seen under it.
    setShownKey(key);
    setList(new SampleList(id, query));
  }
  useSyncExternalStore(list.subscribe, list.revision);
  const version = `${updatedAt} ${counts.samples}`;
  const loaded = useRef<{ list: SampleList | null; version: string; atMs: number }>({ list: null, version: '', atMs: 0 });
  const reload = useCallback(() => {
    const next = new SampleList(list.datasetId, list.query, list);
    void next.load().then(() => {
      if (next.isComplete) setList((shown) => (shown === list ? next : shown));
    });
    loaded.current = { list: next, version: loaded.current.version, atMs: Date.now() };
  }, [list]);
  useEffect(() => {
    const last = loaded.current;
    if (last.list !== list) {
      loaded.current = { list, version, atMs: Date.now() };
      if (!list.isComplete) void list.load();
      return;
    }
    if (last.version === version) return;
    const timer = setTimeout(() => {
      loaded.current = { ...loaded.current, version };
      reload();
    }, Math.max(0, last.atMs + REST_MS - Date.now()));
    return () => clearTimeout(timer);
  }, [list, version, reload]);
  return { list, reload };
}
