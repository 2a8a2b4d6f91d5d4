import { useCallback, useEffect, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { FootageStage } from './player/footage-stage.js';
import { readAddress } from './timeline-address.js';

const WRITE_AFTER_MS = 400;

/** The page's address, and how to change it; changes replace it: nobody wants to go back through each seek. */
export function useAddress() {
  const [search, setSearch] = useSearchParams();
  const change = useCallback(
    (entries: Readonly<Record<string, string | null>>) =>
      setSearch(
        (old) => {
          const next = new URLSearchParams(old);
          for (const [key, value] of Object.entries(entries)) if (value === null) next.delete(key);
            else next.set(key, value);
          return next;
        },
        { replace: true },
      ),
    [setSearch],
  );
  return { address: useMemo(() => readAddress(search), [search]), change };
}

/** Where it plays is kept in the address, a moment after it was changed by hand or stopped. */
export function usePlaceInAddress(stage: FootageStage, spanMs: number, change: (entries: Readonly<Record<string, string | null>>) => void): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = () => {
      clearTimeout(timer);
      timer = setTimeout(() => !stage.scrubbing && change({ t: new Date(Math.round(stage.positionMs)).toISOString(), span: String(Math.round(spanMs / 1000)) }), WRITE_AFTER_MS);
    };
    write();
    const stop = stage.subscribe(write);
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [stage, spanMs, change]);
}
