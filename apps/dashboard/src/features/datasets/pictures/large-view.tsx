import { MOST_TRANSFORMED } from '@argus/contracts';
import { ChevronLeft, ChevronRight, Crop, Maximize, ScanSearch, Tags, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { useCan } from '../../../app/account.js';
import { useCall } from '../../../app/calls.js';
import { client } from '../../../app/client.js';
import { useWork } from '../../../app/use-work.js';
import { whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { IconButton } from '../../../ui/button.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { useOnTop } from '../../../ui/on-top.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { AnnotationLayer } from './annotation-layer.js';
import { StraightenView } from '../straighten/straighten-view.js';
import type { Straightened } from '../straighten/use-straighten-job.js';
import { thumbnailOf } from './picture-tile.js';
import { SampleFacts } from './sample-facts.js';
import type { SampleList } from './sample-list.js';
import type { SampleChanges } from './use-sample-changes.js';
import { ZoomPicture } from './zoom-picture.js';
import { WHOLE } from './zoom-view.js';

/** An undo at the corner is pressed without leaving the picture. */
export const stayOpen = (event: Event): void => event.preventDefault();

interface LargeViewProps {
  readonly list: SampleList;
  readonly digest: string;
  /** -1: it is not in the list that is shown. */
  readonly index: number;
  readonly chosen: readonly string[];
  /** null: they were taken out of the set. */
  readonly changes: SampleChanges | null;
  readonly onIndex: (index: number) => void;
  readonly onMoreLike: (digest: string) => void;
  /** New samples were made of the picture. */
  readonly onStraightened: (result: Straightened) => void;
  readonly onClose: () => void;
  /** Where the focus goes then. */
  readonly onClosed: (event: Event) => void;
}

/** Its keys work at once, and no button looks pressed. */
export function focusItself(event: Event): void {
  event.preventDefault();
  if (event.currentTarget instanceof HTMLElement) event.currentTarget.focus();
}

export const originalOf = (list: SampleList, sha256: string): string => client.url('getSamplePicture', { params: { id: list.datasetId, sha256 } });

/** One picture over the whole page, with its labels and what is known of it; arrows lead to the next. */
export function LargeView({ list, digest, index, chosen, changes, onIndex, onMoreLike, onStraightened, onClose, onClosed }: LargeViewProps) {
  const { t, locale } = useI18n();
  const onTop = useOnTop();
  const mayWrite = useCan()('dataset.write');
  const [view, setView] = useState(WHOLE);
  const [boxes, setBoxes] = useState(true);
  const [straightened, setStraightened] = useState<string | null>(null);
  const sample = useCall('getSample', { params: { id: list.datasetId, sha256: digest } });
  const known = sample.data ?? list.summaryOf(digest);
  const { length } = list.order;
  const isStraightening = straightened === digest && sample.data !== undefined;
  // Pictures without labels are looked at to choose.
  useWork(list.datasetId, isStraightening ? 'labelling' : (sample.data?.annotations.length ?? 0) > 0 ? 'reviewing' : 'choosing', 1);
  const go = (to: number) => {
    if (to < 0 || to >= length) return;
    setView(WHOLE);
    onIndex(to);
  };
  usePreload(list, index);
  const act = mayWrite ? changes : null;
  const remove = () => {
    act?.remove([digest]);
    const next = list.order[index];
    if (next === undefined) onClose();
    else onIndex(index);
  };
  const keys: Record<string, () => void> = { ArrowLeft: () => go(index - 1), ArrowRight: () => go(index + 1), b: () => setBoxes(!boxes), m: () => onMoreLike(digest), ...(act && { s: () => setStraightened(digest) }), Delete: remove, '1': () => act?.setSplit([digest], 'train'), '2': () => act?.setSplit([digest], 'val'), '3': () => act?.setSplit([digest], 'test'), '0': () => act?.setSplit([digest], null) };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key] || isStraightening) return;
    event.preventDefault();
    keys[event.key]?.();
  };
  const leaveTool = () => setStraightened(null);
  const onEscape = (event: globalThis.KeyboardEvent) => {
    onTop.onEscapeKeyDown(event);
    if (event.defaultPrevented || !isStraightening) return;
    // The picture stays open.
    event.preventDefault();
    leaveTool();
  };
  const made = (result: Straightened) => {
    setStraightened(null);
    onStraightened(result);
  };
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Content ref={onTop.ref} aria-describedby={undefined} onKeyDown={onKeyDown} className="fixed inset-0 z-40 flex flex-col bg-bg outline-none" onOpenAutoFocus={focusItself} onCloseAutoFocus={onClosed} onInteractOutside={stayOpen} onEscapeKeyDown={onEscape}>
          <header className="flex min-h-14 shrink-0 items-center gap-2 border-b border-line px-4 py-2">
            <Dialog.Title className="m-0 min-w-0 clip text-l font-semibold">{known?.origin?.group ?? t('view.title')}</Dialog.Title>
            {index >= 0 && <span className="figures shrink-0 text-s text-ink-3">{t('view.of', { index: whole(index + 1, locale), count: whole(length, locale) })}</span>}
            <span className="ml-auto flex items-center">
              {!isStraightening && (
                <>
                  <IconButton icon={ChevronLeft} label={t('view.previous')} disabled={index <= 0} onClick={() => go(index - 1)} />
                  <IconButton icon={ChevronRight} label={t('view.next')} disabled={index < 0 || index >= length - 1} onClick={() => go(index + 1)} />
                  <IconButton icon={ScanSearch} label={t('search.moreLike')} onClick={() => onMoreLike(digest)} />
                  {act && sample.data && <IconButton icon={Crop} label={t('straighten.open')} onClick={() => setStraightened(digest)} />}
                  <IconButton icon={Maximize} label={t('compare.reset')} disabled={view.scale === 1} className={view.scale === 1 ? 'max-sm:hidden' : ''} onClick={() => setView(WHOLE)} />
                </>
              )}
              <IconButton icon={Tags} label={t('view.boxes')} aria-pressed={boxes} tone={boxes ? 'plain' : 'quiet'} onClick={() => setBoxes(!boxes)} />
              <IconButton icon={X} label={t('ui.close')} onClick={isStraightening ? leaveTool : onClose} />
            </span>
          </header>
          {isStraightening ? (
            <StraightenView key={digest} datasetId={list.datasetId} sample={sample.data} others={alike(list, digest, chosen)} src={originalOf(list, digest)} thumbnail={thumbnailOf(list.datasetId, digest)} boxes={boxes} onMade={made} onLeave={leaveTool} />
          ) : (
            <div className="flex min-h-0 flex-1 flex-col md:flex-row">
              <div className="min-h-60 flex-1">
                {known && (
                  <ZoomPicture key={digest} src={originalOf(list, digest)} thumbnail={thumbnailOf(list.datasetId, digest)} alt={known.name} width={known.width} height={known.height} view={view} onView={setView}>
                    {boxes && sample.data && <AnnotationLayer sample={sample.data} />}
                  </ZoomPicture>
                )}
              </div>
              <aside className="max-h-[45dvh] shrink-0 overflow-auto border-line bg-surface p-4 max-md:border-t md:max-h-none md:w-80 md:border-l">
                {sample.isError && <ErrorNotice error={sample.error} title={t('pictures.gone')} />}
                {sample.isPending && <Skeleton rows={4} className="h-8" />}
                {sample.data && <SampleFacts sample={sample.data} worth={list.summaryOf(digest)?.worth ?? null} split={list.summaryOf(digest)?.split ?? sample.data.split} onSplit={act ? (split) => act.setSplit([digest], split) : null} />}
              </aside>
            </div>
          )}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

/** Of the chosen pictures the others of the same size: what is drawn on one lies at the same place in them. */
function alike(list: SampleList, digest: string, chosen: readonly string[]): readonly string[] {
  const own = list.summaryOf(digest);
  if (!own || !chosen.includes(digest)) return [];
  return chosen.filter((one) => one !== digest && list.summaryOf(one)?.width === own.width && list.summaryOf(one)?.height === own.height).slice(0, MOST_TRANSFORMED - 1);
}

/** The next and the one before are there when they are asked for. */
function usePreload(list: SampleList, index: number): void {
  useEffect(() => {
    for (const digest of [list.order[index + 1], list.order[index - 1]]) if (digest !== undefined && index >= 0) new Image().src = originalOf(list, digest);
  }, [list, index]);
}
