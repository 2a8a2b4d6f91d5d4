import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ChangedSamples } from '@argus/contracts';
import { refresh } from '../../app/calls.js';
import { forgetLostSession } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { useToasts } from '../../ui/toasts.js';
import { chunksOf } from './chunks-of.js';

export interface BulkProgress {
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

export interface Bulk {
  /** null: nothing runs that takes more than one request. */
  readonly progress: BulkProgress | null;
  /** Changes any number of pictures; null when it failed (that is said) or another change still runs. */
  readonly run: (what: string, digests: readonly string[], change: (chunk: string[]) => Promise<ChangedSamples>) => Promise<number | null>;
  readonly stop: () => void;
}

/** As many as one request takes. */
const MOST = 5000;

/** One change of many pictures after the other, in requests that the gateway takes. */
export function useBulk(): Bulk {
  const { t } = useI18n();
  const toasts = useToasts();
  const [progress, setProgress] = useState<BulkProgress | null>(null);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const run = useCallback<Bulk['run']>(
    async (what, digests, change) => {
      if (running.current) {
        toasts.say(t('pictures.busy'));
        return null;
      }
      const stopped = new AbortController();
      running.current = stopped;
      let [changed, done] = [0, 0];
      try {
        for (const chunk of chunksOf(digests, MOST)) {
          if (stopped.signal.aborted) break;
          if (digests.length > MOST) setProgress({ what, done, total: digests.length });
          changed += (await change(chunk)).changed;
          done += chunk.length;
        }
        return changed;
      } catch (error) {
        forgetLostSession(error);
        toasts.fail(error);
        return null;
      } finally {
        running.current = null;
        setProgress(null);
        refresh(['listDatasets', 'getDataset', 'getDatasetMatrix', 'getDatasetStatistics', 'getSample']);
      }
    },
    [t, toasts],
  );
  const stop = useCallback(() => running.current?.abort(), []);
  return useMemo(() => ({ progress, run, stop }), [progress, run, stop]);
}
