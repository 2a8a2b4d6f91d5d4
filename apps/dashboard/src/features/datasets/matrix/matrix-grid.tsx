import type { DatasetId } from '@argus/contracts';
import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type RefObject } from 'react';
import { client } from '../../../app/client.js';
import { whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { shownSpan, type MatrixColumn, type MatrixStep, type MatrixTable } from './matrix-layout.js';
import { columnWords } from './matrix-words.js';
import { firstCell, nextCell, type CellPlace } from './next-cell.js';
import { useScrollWindow } from '../pictures/use-scroll-window.js';

export interface OpenCell {
  readonly group: string;
  readonly from: string | null;
  readonly to: string | null;
}

interface MatrixGridProps {
  readonly datasetId: DatasetId;
  readonly table: MatrixTable;
  readonly step: MatrixStep;
  readonly timeZone: string;
  readonly onOpen: (cell: OpenCell) => void;
}

const LEAST_PX = 144;
/** A few columns are shown larger; beyond this thumbnails are blurred. */
const MOST_PX = 240;
const PAD_PX = 8;
const STEP_PX = 48;
const HEAD_PX = 44;

/** Scrolls both ways; only cells near the window are in the page. */
export function MatrixGrid({ datasetId, table, step, timeZone, onOpen }: MatrixGridProps) {
  const { columns, rows } = table;
  const { t, locale } = useI18n();
  const scroller = useRef<HTMLDivElement>(null);
  const view = useScrollWindow(scroller, STEP_PX, STEP_PX);
  const namePx = view.width < 640 ? 104 : 176;
  const cellPx = Math.min(MOST_PX, Math.max(LEAST_PX, Math.floor((view.width - STEP_PX - namePx) / Math.max(1, columns.length))));
  const size = { width: cellPx, height: Math.round(((cellPx - PAD_PX) * 9) / 16) + PAD_PX };
  const [firstColumn, endColumn] = shownSpan(columns.length, size.width, view.left, view.width - namePx);
  const [firstRow, endRow] = shownSpan(rows.length, size.height, view.top, view.height - HEAD_PX);
  const shown = columns.slice(firstColumn, endColumn).map((column, at) => ({ column, left: (firstColumn + at) * size.width, index: firstColumn + at, words: columnWords(column, step, timeZone, locale, t) }));
  const { focus, onKeyDown, onFocus } = useGridKeys(scroller, table, { ...size, namePx });
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto" role="region" aria-label={t('matrix.label')} tabIndex={0}>
      <div role="grid" onKeyDown={onKeyDown} aria-label={t('matrix.label')} aria-rowcount={rows.length + 1} aria-colcount={columns.length + 1} className="relative" style={{ width: namePx + columns.length * size.width, height: HEAD_PX + rows.length * size.height }}>
        <div role="row" className="sticky top-0 z-20 border-b border-line bg-bg" style={{ height: HEAD_PX }}>
          <div className="sticky left-0 z-10 size-full border-r border-line bg-bg" style={{ width: namePx }} />
          {shown.map(({ column, left, words }) => (
            <ColumnHead key={column.at ?? ''} column={column} words={words} style={{ left: namePx + left, width: size.width, height: HEAD_PX }} />
          ))}
        </div>
        {rows.slice(firstRow, endRow).map((row, at) => (
          <div key={row.name} role="row" className="absolute inset-x-0 border-b border-line" style={{ top: HEAD_PX + (firstRow + at) * size.height, height: size.height }}>
            <div role="rowheader" className="sticky left-0 z-10 flex h-full flex-col justify-center border-r border-line bg-bg px-3" style={{ width: namePx }}>
              <button type="button" tabIndex={-1} title={row.name} className="block w-full clip text-left font-medium text-ink hover:text-accent hover:underline" onClick={() => onOpen({ group: row.name, from: null, to: null })}>
                {row.name}
              </button>
              <span className="figures text-s text-ink-3">{whole(row.samples, locale)}</span>
            </div>
            {shown.map(({ column, left, index, words }) => {
              const cell = row.cells.get(index);
              if (!cell) return null;
              const style = { left: namePx + left, width: size.width, height: size.height };
              const name = t('matrix.cell', { group: row.name, time: words.join(' '), count: cell.samples });
              const place = { row: firstRow + at, column: index };
              return <Cell key={index} isFocus={focus?.row === place.row && focus.column === index} onFocus={() => onFocus(place)} origin={`${place.row === firstRow ? 'top' : place.row === rows.length - 1 ? 'bottom' : 'center'} ${index === firstColumn ? 'left' : 'center'}`} src={client.url('getSamplePicture', { params: { id: datasetId, sha256: cell.cover }, query: { size: 'thumbnail' } })} count={whole(cell.samples, locale)} name={name} style={style} onOpen={() => onOpen({ group: row.name, from: column.at, to: column.end })} />;
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

interface Sizes {
  readonly width: number;
  readonly height: number;
  readonly namePx: number;
}

/** Arrows lead from cell to cell, also to those that are not in the page yet; Tab leads to the last one. */
function useGridKeys(scroller: RefObject<HTMLDivElement | null>, table: MatrixTable, { width, height, namePx }: Sizes) {
  const [chosen, setChosen] = useState<CellPlace | null>(null);
  const [moved, setMoved] = useState(false);
  const focus = chosen && table.rows[chosen.row]?.cells.has(chosen.column) ? chosen : firstCell(table);
  useEffect(() => {
    if (!moved) return;
    const cell = scroller.current?.querySelector<HTMLElement>('[data-focus]');
    if (!cell) return;
    cell.focus({ preventScroll: true });
    setMoved(false);
  });
  const onKeyDown = (event: KeyboardEvent) => {
    const next = focus && nextCell(table, focus, event.key);
    const { current } = scroller;
    if (!next || !current) return;
    event.preventDefault();
    setChosen(next);
    setMoved(true);
    const within = (start: number, size: number, from: number, room: number) => Math.min(start, Math.max(from, start + size - room));
    current.scrollTo({ left: within(next.column * width, width, current.scrollLeft, current.clientWidth - namePx), top: within(next.row * height, height, current.scrollTop, current.clientHeight - HEAD_PX) });
  };
  return { focus, onKeyDown, onFocus: setChosen };
}

function ColumnHead({ column, words: [first, second], style }: { column: MatrixColumn; words: readonly string[]; style: CSSProperties }) {
  return (
    <div role="columnheader" className={`figures absolute top-0 flex flex-col justify-center px-2 text-s text-ink-2 ${column.gap ? 'border-l-2 border-dashed border-line-strong' : ''}`} style={style}>
      <span className="clip font-medium">{first}</span>
      {second && <span className="clip text-ink-3">{second}</span>}
    </div>
  );
}

interface CellProps {
  readonly src: string;
  readonly count: string;
  readonly name: string;
  readonly style: CSSProperties;
  /** The one that Tab leads to. */
  readonly isFocus: boolean;
  /** From where it grows: not under the heads of rows and columns. */
  readonly origin: string;
  readonly onFocus: () => void;
  readonly onOpen: () => void;
}

function Cell({ src, count, name, style, isFocus, origin, onFocus, onOpen }: CellProps) {
  return (
    <div role="gridcell" className="absolute top-0 p-1 focus-within:z-10 hover:z-11" style={style}>
      <button type="button" data-focus={isFocus || undefined} tabIndex={isFocus ? 0 : -1} aria-label={name} title={name} onFocus={onFocus} onClick={onOpen} style={{ transformOrigin: origin }} className="relative block size-full overflow-hidden rounded-s bg-raised transition-transform duration-150 hover:scale-125 hover:shadow-over focus-visible:scale-125 focus-visible:shadow-over">
        <img src={src} alt="" loading="lazy" decoding="async" draggable={false} className="block size-full object-cover" />
        <span className="figures absolute right-1 bottom-1 rounded-s bg-video-veil px-1 text-s text-video-ink">{count}</span>
      </button>
    </div>
  );
}
