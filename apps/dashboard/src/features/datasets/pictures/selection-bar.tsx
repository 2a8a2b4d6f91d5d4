import { SPLITS, type Split } from '@argus/contracts';
import { CircleCheckBig, CircleDashed, Columns2, Copy, FolderInput, ScanSearch, Star, StarOff, Trash2, Undo2, X } from 'lucide-react';
import { useEffect, useRef, type RefObject } from 'react';
import { useCan } from '../../../app/account.js';
import { whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button, IconButton } from '../../../ui/button.js';
import type { SampleChanges } from './use-sample-changes.js';

interface SelectionBarProps {
  readonly digests: readonly string[];
  readonly removed: boolean;
  readonly changes: SampleChanges;
  readonly onCompare: () => void;
  readonly onCopyTo: () => void;
  readonly onMoreLike: (digest: string) => void;
  readonly onClear: () => void;
}

export const MOST_COMPARED = 4;

/** What can be done with the chosen pictures; there only while some are. */
export function SelectionBar({ digests, removed, changes, onCompare, onCopyTo, onMoreLike, onClear }: SelectionBarProps) {
  const { t, locale } = useI18n();
  const mayWrite = useCan()('dataset.write');
  const { length: count } = digests;
  const bar = useRef<HTMLDivElement>(null);
  useToastsAbove(bar, count > 0);
  if (count === 0) return null;
  return (
    <div ref={bar} role="toolbar" aria-label={t('pictures.picked', { count })} className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-t border-line bg-accent-soft px-4 py-2">
      <span className="figures font-medium" data-testid="picked">
        {t('pictures.picked', { count: whole(count, locale) })}
      </span>
      <IconButton icon={X} label={t('pictures.none')} onClick={onClear} />
      {count === 1 && (
        <Button icon={ScanSearch} title="m" onClick={() => onMoreLike(digests[0] as string)}>
          {t('search.moreLike')}
        </Button>
      )}
      {count >= 2 && count <= MOST_COMPARED && (
        <Button icon={Columns2} onClick={onCompare}>
          {t('pictures.compare')}
        </Button>
      )}
      {removed && mayWrite && (
        <Button tone="primary" icon={Undo2} onClick={() => changes.restore(digests)}>
          {t('pictures.restore')}
        </Button>
      )}
      {!removed && <CopyButtons digests={digests} changes={changes} onCopyTo={mayWrite ? onCopyTo : null} />}
      {!removed && mayWrite && <ChangeButtons digests={digests} changes={changes} />}
    </div>
  );
}

/** What is said at the corner must not lie on the buttons. */
function useToastsAbove(bar: RefObject<HTMLElement | null>, shown: boolean): void {
  useEffect(() => {
    const { style } = document.documentElement;
    if (shown) style.setProperty('--toasts-above', `${bar.current?.offsetHeight ?? 0}px`);
    return () => void style.removeProperty('--toasts-above');
  }, [bar, shown]);
}

function CopyButtons({ digests, changes, onCopyTo }: { digests: readonly string[]; changes: SampleChanges; onCopyTo: (() => void) | null }) {
  const { t } = useI18n();
  return (
    <>
      <Button icon={Copy} title="Ctrl+C" onClick={() => changes.remember(digests)}>
        {t('pictures.copy')}
      </Button>
      {onCopyTo && (
        <Button icon={FolderInput} onClick={onCopyTo}>
          {t('pictures.copyTo')}
        </Button>
      )}
    </>
  );
}

function ChangeButtons({ digests, changes }: { digests: readonly string[]; changes: SampleChanges }) {
  const { t } = useI18n();
  return (
    <>
      <SplitButtons onSplit={(split) => changes.setSplit(digests, split)} />
      <span className="flex items-center">
        <IconButton data-guide="review" icon={CircleCheckBig} label={t('pictures.markComplete')} onClick={() => changes.setComplete(digests, true)} />
        <IconButton icon={CircleDashed} label={t('pictures.markIncomplete')} onClick={() => changes.setComplete(digests, false)} />
        <IconButton icon={Star} label={t('pictures.focus')} onClick={() => changes.setFocus(digests, true)} />
        <IconButton icon={StarOff} label={t('pictures.unfocus')} onClick={() => changes.setFocus(digests, false)} />
      </span>
      <Button icon={Trash2} title="Del" className="ml-auto" onClick={() => changes.remove(digests)}>
        {t('pictures.remove')}
      </Button>
    </>
  );
}

/** Keys 1, 2, 3 and 0 do the same. */
export function SplitButtons({ value, onSplit }: { value?: Split | null; onSplit: (split: Split | null) => void }) {
  const { t } = useI18n();
  return (
    <span role="group" aria-label={t('pictures.toSplit')} className="inline-flex overflow-hidden rounded-m border border-line-strong bg-surface">
      {([...SPLITS, null] as const).map((split, at) => (
        <button key={split ?? 'none'} type="button" title={String((at + 1) % 4)} aria-pressed={value === undefined ? undefined : value === split} onClick={() => onSplit(split)} className={`min-h-9 border-line-strong px-3 text-m hover:bg-raised not-first:border-l ${value !== undefined && value === split ? 'bg-accent-soft font-medium' : ''}`}>
          {t(`split.${split ?? 'none'}`)}
        </button>
      ))}
    </span>
  );
}
