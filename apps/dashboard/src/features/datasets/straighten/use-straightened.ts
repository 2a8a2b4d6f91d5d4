import { useEffect, useRef } from 'react';
import { useI18n } from '../../../i18n/i18n.js';
import { useToasts } from '../../../ui/toasts.js';
import type { SampleChanges } from '../pictures/use-sample-changes.js';
import type { Straightened } from './use-straighten-job.js';

interface Shown {
  /** Large, by its digest. */
  readonly show: (digest: string) => void;
  readonly reload: () => void;
  readonly changes: SampleChanges;
}

/** A new sample is in the list at once, and seen large where its source was; what was made is undone by taking it out. */
export function useStraightened(shown: Shown) {
  const { t } = useI18n();
  const toasts = useToasts();
  // An undo is pressed later, when the list is another one.
  const latest = useRef(shown);
  useEffect(() => {
    latest.current = shown;
  });
  return ({ made: all }: Straightened) => {
    const [made] = all;
    if (!made) return toasts.say(t('straighten.known'));
    const showInPlaceOf = (before: string, after: string) => {
      if (new URLSearchParams(window.location.search).get('view') === before) latest.current.show(after);
    };
    latest.current.reload();
    showInPlaceOf(made.from, made.sha256);
    toasts.say(t('straighten.made', { count: all.length }), () => {
      showInPlaceOf(made.sha256, made.from);
      latest.current.changes.remove(all.map(({ sha256 }) => sha256));
    });
  };
}
