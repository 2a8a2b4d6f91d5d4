import type { SampleSort } from '@argus/contracts';
import { useEffect, useImperativeHandle, useMemo, useRef, type KeyboardEvent, type Ref } from 'react';
import { whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { layOut, placeOf, rowsBetween, stepFrom, type GridLayout, type GroupRun, type Step } from './grid-window.js';
import { PictureTile } from './picture-tile.js';
import type { SampleList } from './sample-list.js';
import { extendTo, moveTo, pickOnly, toggle, type Selection } from './selection.js';
import { useGridPointer } from './use-grid-pointer.js';
import { usePace } from '../use-pace.js';
import { useScrollWindow } from './use-scroll-window.js';

const HEADER_PX = 40;
const GAP_PX = 6;
const PAD_PX = 16;
/** Rows kept beyond the window: what is just out of sight is loaded already. */
const MORE_PX = 600;

export interface GridHandle {
  readonly focus: () => void;
  readonly jumpTo: (group: GroupRun) => void;
  readonly show: (index: number) => void;
}

interface PictureGridProps {
  readonly list: SampleList;
  /** Width that pictures have about. */
  readonly size: number;
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
  readonly onOpen: (index: number) => void;
  readonly handle: Ref<GridHandle>;
}

const STEPS: Readonly<Record<string, Step>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down', PageUp: 'pageUp', PageDown: 'pageDown', Home: 'first', End: 'last' };

/** Any number of pictures by group; only those near the window are in the page. */
export function PictureGrid({ list, size, selection, onSelection, onOpen, handle }: PictureGridProps) {
  const { t, locale } = useI18n();
  const scroller = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const view = useScrollWindow(scroller, 1, 120);
  const pace = usePace(scroller);
  const { order, groups } = list;
  const inner = Math.max(size, view.width - 1 - 2 * PAD_PX);
  const columns = Math.max(2, Math.floor((inner + GAP_PX) / (size + GAP_PX)));
  const columnWidth = (inner + GAP_PX) / columns;
  const rowHeight = Math.round(((columnWidth - GAP_PX) * 9) / 16) + GAP_PX;
  const layout = useMemo(() => layOut(groups, { columns, rowHeight, headerHeight: HEADER_PX }), [groups, columns, rowHeight]);
  const rows = rowsBetween(layout, view.top - MORE_PX, view.top + view.height + MORE_PX);
  const pictures = rows.filter((row) => row.kind === 'pictures');
  const [from, to] = [pictures[0]?.start ?? 0, (pictures.at(-1)?.start ?? 0) + (pictures.at(-1)?.count ?? 0)];
  const { box, handlers } = useGridPointer(scroller, content, { layout, columnWidth, order, selection, onSelection, onOpen });
  useEffect(() => {
    if (pace === 'still') list.want(from, to);
  }, [list, order, from, to, pace]);
  useEffect(() => {
    // While a filter is being written the list is read anew: that window keeps the focus.
    if (!document.querySelector('[role="dialog"]')) scroller.current?.focus({ preventScroll: true });
  }, []);
  const at = Math.max(0, Math.min(selection.focus, order.length - 1));
  const show = (index: number) => scroller.current && bringIntoView(scroller.current, layout, index);
  const focus = () => scroller.current?.focus({ preventScroll: true });
  useImperativeHandle(handle, () => ({ show, focus, jumpTo: ({ start }) => scroller.current?.scrollTo({ top: placeOf(layout, start).top - HEADER_PX }) }));
  const onKeyDown = (event: KeyboardEvent) => {
    const next = selectionAfter(event, { layout, order, selection: { ...selection, focus: at }, pageRows: Math.floor(view.height / rowHeight) });
    if (event.key === 'Enter' && order.length > 0) onOpen(at);
    if (!next) return;
    event.preventDefault();
    onSelection(next);
    show(next.focus);
  };
  return (
    <div
      ref={scroller}
      data-guide="pictures"
      role="listbox"
      aria-multiselectable
      aria-label={t('pictures.label')}
      aria-activedescendant={at >= from && at < to ? `picture-${at}` : undefined}
      tabIndex={0}
      data-testid="picture-grid"
      className="relative min-h-0 flex-1 overflow-x-hidden overflow-y-auto outline-none select-none group/grid"
      onKeyDown={onKeyDown}
      {...handlers}
    >
      <div ref={content} className="relative" style={{ height: layout.height + PAD_PX, margin: `0 ${PAD_PX}px` }}>
        {rows.map((row) =>
          row.kind === 'header' ? (
            <h2 key={`header ${row.group.name}`} className="absolute inset-x-0 top-0 m-0 flex items-center gap-2 text-m font-semibold" style={{ transform: `translateY(${row.top}px)`, height: HEADER_PX }}>
              <span className="min-w-0 clip">{list.query.sort ? t(`sort.${list.query.sort as SampleSort}`) : row.group.name || t('search.found')}</span>
              <span className="figures shrink-0 text-s font-normal text-ink-3">{whole(row.group.count, locale)}</span>
            </h2>
          ) : (
            Array.from({ length: row.count }, (_unused, column) => {
              const index = row.start + column;
              const digest = order[index] as string;
              return (
                <PictureTile
                  key={digest}
                  datasetId={list.datasetId}
                  digest={digest}
                  index={index}
                  count={order.length}
                  left={column * columnWidth}
                  top={row.top}
                  width={columnWidth - GAP_PX}
                  height={rowHeight - GAP_PX}
                  isPicked={selection.picked.has(digest)}
                  isFocus={at === index}
                  pace={pace}
                  summary={list.summaryOf(digest)}
                  score={list.scoreOf(digest)}
                />
              );
            })
          ),
        )}
        {box && <div aria-hidden className="pointer-events-none absolute border border-accent bg-accent-soft opacity-60" style={box} />}
      </div>
    </div>
  );
}

function bringIntoView(scroller: HTMLElement, layout: GridLayout, index: number): void {
  const { top } = placeOf(layout, index);
  if (top < scroller.scrollTop + HEADER_PX) scroller.scrollTo({ top: top - HEADER_PX });
  else if (top + layout.rowHeight > scroller.scrollTop + scroller.clientHeight) scroller.scrollTo({ top: top + layout.rowHeight - scroller.clientHeight + PAD_PX });
}

interface KeyContext {
  readonly layout: GridLayout;
  readonly order: readonly string[];
  readonly selection: Selection;
  readonly pageRows: number;
}

/** What a key makes of the selection; null: it is none of ours. */
function selectionAfter({ key, shiftKey, ctrlKey, metaKey }: KeyboardEvent, { layout, order, selection, pageRows }: KeyContext): Selection | null {
  if (order.length === 0) return null;
  if (key === ' ') return toggle(selection, order, selection.focus);
  const step = STEPS[key];
  if (!step) return null;
  const index = stepFrom(layout, Math.min(selection.focus, order.length - 1), step, pageRows);
  const keep = ctrlKey || metaKey;
  if (shiftKey) return extendTo(selection, order, index, keep);
  return keep ? moveTo(selection, index) : pickOnly(order, index);
}
