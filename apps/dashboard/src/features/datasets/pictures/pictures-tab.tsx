import { SAMPLE_SORTS, type SampleSort } from '@argus/contracts';
import { Images, SearchX, Undo2 } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { useCan } from '../../../app/account.js';
import { useCall } from '../../../app/calls.js';
import { useKeys } from '../../../app/shortcuts.js';
import { HelpButton } from '../../../help/help-button.js';
import { whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { Button } from '../../../ui/button.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { CONTROL_AUTO } from '../../../ui/field.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { CompareView } from './compare-view.js';
import { CopyDialog } from './copy-dialog.js';
import type { DatasetTabProps } from '../dataset-tab.js';
import { FilterBar } from '../filter-bar.js';
import { FoundList, MOST_FOUND } from './found-list.js';
import { LargeView } from './large-view.js';
import { NoPictures } from '../matrix/matrix-tab.js';
import { PictureGrid, type GridHandle } from './picture-grid.js';
import { isEverything, queryOf } from '../sample-filter.js';
import type { SampleList } from './sample-list.js';
import { SearchBox } from './search-box.js';
import { SearchTrouble, VectorsMissing } from './search-state.js';
import { useStraightened } from '../straighten/use-straightened.js';
import { SelectionBar } from './selection-bar.js';
import { inOrder, NOTHING_PICKED, pickAll, type Selection } from './selection.js';
import { useSampleChanges, type SampleChanges } from './use-sample-changes.js';
import { useOwnPicture } from './use-own-picture.js';
import { useSampleList } from './use-sample-list.js';

/** The pictures of a set, or those that were taken out of it. */
export function PicturesTab({ dataset, filter, onFilter, bulk, removed }: DatasetTabProps & { removed: boolean }) {
  const { t } = useI18n();
  const own = useOwnPicture(() => onFilter({ ...filter, text: null, like: null }));
  const { text, like } = filter;
  // What is in the address came later.
  const picture = text === null && like === null ? own.picture : null;
  const isSought = text !== null || like !== null || picture !== null;
  const query = useMemo(() => ({ ...queryOf(filter), ...(filter.sort === 'place' || isSought ? {} : { sort: filter.sort }), ...(removed ? { removed: 'true' } : {}) }), [filter, removed, isSought]);
  const { list, reload } = useSampleList(dataset, query, { text, like, picture });
  const vectors = useCall('getDatasetVectors', { params: { id: dataset.id } }, { staleTime: 60_000 }).data;
  const isSearch = list instanceof FoundList;
  const changes = useSampleChanges(dataset, list, reload, bulk);
  const [selection, setSelection] = useState<Selection>(NOTHING_PICKED);
  const [size, setSize] = useState(startSize);
  const [shown, setShown] = useState<'compare' | 'copy' | null>(null);
  const grid = useRef<GridHandle>(null);
  const { order } = list;
  const digests = useMemo(() => inOrder(selection, order), [selection, order]);
  const view = useViewAddress(list);
  const onStraightened = useStraightened({ show: view.show, reload, changes });
  const backToGrid = (event: Event) => {
    event.preventDefault();
    grid.current?.focus();
  };
  const [wantsAll, setWantsAll] = useState(false);
  if (wantsAll && list.isComplete) {
    setWantsAll(false);
    setSelection(pickAll(selection, order));
  }
  const chooseAll = () => {
    setSelection(pickAll(selection, order));
    // Those that are still being listed, too.
    setWantsAll(!list.isComplete);
  };
  const clear = () => setSelection({ ...NOTHING_PICKED, focus: selection.focus });
  const moreLike = (digest: string) => {
    setSelection(NOTHING_PICKED);
    own.end();
    onFilter({ ...filter, text: null, like: digest }, true);
  };
  const focused = digests.length === 1 ? digests[0] : order[selection.focus];
  usePictureKeys({ digests, removed, changes, onAll: chooseAll, onClear: clear, onMoreLike: () => focused !== undefined && moreLike(focused) });
  const state = { dataset, list, vectors, onReload: reload };
  const isInTrouble = isSearch && list.error !== null && order.length === 0;
  if (list.error && order.length === 0 && !isSearch) return <ErrorNotice error={list.error} title={t('pictures.failed')} onRetry={reload} />;
  const isEmpty = list.isComplete && order.length === 0;
  if (isEmpty && !removed && isEverything(filter)) return <NoPictures dataset={dataset} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <FilterBar dataset={dataset} filter={filter} onFilter={onFilter} search={<SearchBox dataset={dataset} filter={filter} onFilter={onFilter} vectors={vectors} picture={picture} onFile={own.onFile} onEnd={own.end} />}>
        {!isInTrouble && <ListTools list={list} sort={filter.sort} onSort={(sort) => onFilter({ ...filter, sort })} size={size} onSize={setSize} onRetry={reload} onJump={(at) => list.groups[at] && grid.current?.jumpTo(list.groups[at])} />}
      </FilterBar>
      {isInTrouble && <SearchTrouble {...state} />}
      <VectorsMissing {...state} />
      {!list.isComplete && list.error === null && order.length === 0 && <Skeleton rows={4} className="h-28" />}
      {isEmpty && (removed && isEverything(filter) ? <EmptyState icon={Undo2} title={t('pictures.nothingRemoved')}>{t('pictures.nothingRemovedWhy')}</EmptyState> : <EmptyState icon={SearchX} title={t('matrix.nothing')} />)}
      {order.length > 0 && <PictureGrid handle={grid} list={list} size={size} selection={selection} onSelection={setSelection} onOpen={(index) => view.open(index)} />}
      <SelectionBar digests={digests} removed={removed} changes={changes} onCompare={() => setShown('compare')} onCopyTo={() => setShown('copy')} onMoreLike={moreLike} onClear={clear} />
      {view.digest !== null && (
        <LargeView
          list={list}
          digest={view.digest}
          index={view.index}
          chosen={digests}
          changes={removed ? null : changes}
          onIndex={(index) => {
            view.replace(index);
            setSelection({ ...selection, focus: index });
            grid.current?.show(index);
          }}
          onMoreLike={moreLike}
          onStraightened={onStraightened}
          onClose={view.close}
          onClosed={backToGrid}
        />
      )}
      {shown === 'compare' && <CompareView list={list} digests={digests} onClose={() => setShown(null)} onClosed={backToGrid} />}
      {shown === 'copy' && <CopyDialog dataset={dataset} digests={digests} bulk={bulk} onClose={() => setShown(null)} />}
    </div>
  );
}

const SIZES = [112, 168, 264] as const;
/** Three beside each other on a phone. */
const startSize = (): number => (window.innerWidth < 640 ? SIZES[0] : SIZES[1]);

interface ListToolsProps {
  readonly list: SampleList;
  readonly sort: SampleSort;
  readonly onSort: (sort: SampleSort) => void;
  readonly size: number;
  readonly onSize: (size: number) => void;
  readonly onRetry: () => void;
  /** To a group by its place in the list. */
  readonly onJump: (group: number) => void;
}

function ListTools({ list, sort, onSort, size, onSize, onRetry, onJump }: ListToolsProps) {
  const { t, locale } = useI18n();
  const count = whole(list.order.length, locale);
  return (
    <>
      <span role="status" className="figures text-s text-ink-3">
        {list.isComplete ? (list instanceof FoundList && list.order.length >= MOST_FOUND ? t('search.first', { count }) : t('pictures.count', { count: list.order.length })) : list.error ? t('pictures.notAll') : t('pictures.loading', { count })}
      </span>
      {list.error !== null && <Button onClick={onRetry}>{t('ui.retry')}</Button>}
      {!(list instanceof FoundList) && <select aria-label={t('sort.label')} title={t('sort.label')} className={`${CONTROL_AUTO} max-w-48`} value={sort} onChange={(event) => onSort(event.target.value as SampleSort)}>
        {SAMPLE_SORTS.map((one) => (
          <option key={one} value={one}>
            {t(`sort.${one}`)}
          </option>
        ))}
      </select>}
      {list.groups.length > 1 && (
        <select aria-label={t('pictures.jump')} className={`${CONTROL_AUTO} max-w-48`} value="" onChange={(event) => onJump(Number(event.target.value))}>
          <option value="" disabled>
            {t('pictures.jump')}
          </option>
          {list.groups.map((group, at) => (
            <option key={group.name} value={at}>
              {group.name} ({whole(group.count, locale)})
            </option>
          ))}
        </select>
      )}
      <span className="flex items-center gap-2 text-ink-3">
        <Images aria-hidden size={16} />
        <input type="range" aria-label={t('pictures.size')} className="w-20 accent-accent-fill" min={0} max={SIZES.length - 1} value={SIZES.indexOf(size as (typeof SIZES)[number])} onChange={(event) => onSize(SIZES[event.target.valueAsNumber] ?? SIZES[1])} />
      </span>
      {list instanceof FoundList ? <HelpButton topic="search" withText /> : <HelpButton topic="choosing" withText />}
    </>
  );
}

/** The picture that is seen large is in the address: a link shows it, and Back closes it. */
function useViewAddress(list: SampleList) {
  const { order } = list;
  const [search, setSearch] = useSearchParams();
  const digest = search.get('view');
  const index = useMemo(() => (digest === null ? -1 : order.indexOf(digest)), [order, digest]);
  const go = useCallback(
    (next: string | null, replace: boolean) =>
      setSearch(
        (before) => {
          const after = new URLSearchParams(before);
          if (next === null) after.delete('view');
          else after.set('view', next);
          return after;
        },
        { replace },
      ),
    [setSearch],
  );
  // As the list is when it is asked: what was just taken out is not in it any more.
  const showAt = (at: number, replace: boolean) => {
    const next = list.order[at];
    if (next !== undefined) go(next, replace);
  };
  return { digest, index, open: (at: number) => showAt(at, false), replace: (at: number) => showAt(at, true), show: (next: string) => go(next, true), close: () => go(null, true) };
}

interface PictureKeys {
  readonly digests: readonly string[];
  readonly removed: boolean;
  readonly changes: SampleChanges;
  readonly onAll: () => void;
  readonly onClear: () => void;
  readonly onMoreLike: () => void;
}

/** Keys for the chosen pictures, wherever the focus is. */
function usePictureKeys({ digests, removed, changes, onAll, onClear, onMoreLike }: PictureKeys): void {
  const mayWrite = useCan()('dataset.write');
  const some = (act: () => void) => (event: KeyboardEvent) => {
    if (digests.length === 0) return;
    event.preventDefault();
    act();
  };
  const none: Record<string, (event: KeyboardEvent) => void> = {};
  useKeys({
    '$mod+a': (event) => {
      event.preventDefault();
      onAll();
    },
    Escape: some(onClear),
    m: onMoreLike,
    ...(removed ? none : { '$mod+c': (event: KeyboardEvent) => window.getSelection()?.isCollapsed !== false && some(() => changes.remember(digests))(event) }),
    ...(removed || !mayWrite
      ? none
      : {
          '1': some(() => changes.setSplit(digests, 'train')),
          '2': some(() => changes.setSplit(digests, 'val')),
          '3': some(() => changes.setSplit(digests, 'test')),
          '0': some(() => changes.setSplit(digests, null)),
          Delete: some(() => changes.remove(digests)),
        }),
  });
}
