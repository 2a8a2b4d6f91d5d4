import type { DatasetId } from '@argus/contracts';
import { useRef, type CSSProperties } from 'react';
import { client } from '../../../app/client.js';
import { whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { shownSpan, type MatrixColumn, type MatrixStep, type MatrixTable } from './matrix-layout.js';
import { columnWords } from './matrix-words.js';
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
export function MatrixGrid({ datasetId, table: { columns, rows }, step, timeZone, onOpen }: MatrixGridProps) {
  const { t, locale } = useI18n();
  const scroller = useRef<HTMLDivElement>(null);
  const view = useScrollWindow(scroller, STEP_PX, STEP_PX);
  const namePx = view.width < 640 ? 104 : 176;
  const cellPx = Math.min(MOST_PX, Math.max(LEAST_PX, Math.floor((view.width - STEP_PX - namePx) / Math.max(1, columns.length))));
  const size = { width: cellPx, height: Math.round(((cellPx - PAD_PX) * 9) / 16) + PAD_PX };
  const [firstColumn, endColumn] = shownSpan(columns.length, size.width, view.left, view.width - namePx);
  const [firstRow, endRow] = shownSpan(rows.length, size.height, view.top, view.height - HEAD_PX);
  const shown = columns.slice(firstColumn, endColumn).map((column, at) => ({ column, left: (firstColumn + at) * size.width, index: firstColumn + at, words: columnWords(column, step, timeZone, locale, t) }));
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-auto" role="region" aria-label={t('matrix.label')} tabIndex={0}>
      <div role="grid" aria-label={t('matrix.label')} aria-rowcount={rows.length + 1} aria-colcount={columns.length + 1} className="relative" style={{ width: namePx + columns.length * size.width, height: HEAD_PX + rows.length * size.height }}>
        <div role="row" className="sticky top-0 z-20 border-b border-line bg-bg" style={{ height: HEAD_PX }}>
          <div className="sticky left-0 z-10 size-full border-r border-line bg-bg" style={{ width: namePx }} />
          {shown.map(({ column, left, words }) => (
            <ColumnHead key={column.at ?? ''} column={column} words={words} style={{ left: namePx + left, width: size.width, height: HEAD_PX }} />
          ))}
        </div>
        {rows.slice(firstRow, endRow).map((row, at) => (
          <div key={row.name} role="row" className="absolute inset-x-0 border-b border-line" style={{ top: HEAD_PX + (firstRow + at) * size.height, height: size.height }}>
            <div role="rowheader" className="sticky left-0 z-10 flex h-full flex-col justify-center border-r border-line bg-bg px-3" style={{ width: namePx }}>
              <button type="button" title={row.name} className="block w-full clip text-left font-medium text-ink hover:text-accent hover:underline" onClick={() => onOpen({ group: row.name, from: null, to: null })}>
                {row.name}
              </button>
              <span className="figures text-s text-ink-3">{whole(row.samples, locale)}</span>
            </div>
            {shown.map(({ column, left, index, words }) => {
              const cell = row.cells.get(index);
              if (!cell) return null;
              const style = { left: namePx + left, width: size.width, height: size.height };
              const name = t('matrix.cell', { group: row.name, time: words.join(' '), count: cell.samples });
              return <Cell key={index} src={client.url('getSamplePicture', { params: { id: datasetId, sha256: cell.cover }, query: { size: 'thumbnail' } })} count={whole(cell.samples, locale)} name={name} style={style} onOpen={() => onOpen({ group: row.name, from: column.at, to: column.end })} />;
            })}
          </div>
        ))}
      </div>
    </div>
  );
}

function ColumnHead({ column, words: [first, second], style }: { column: MatrixColumn; words: readonly string[]; style: CSSProperties }) {
  return (
    <div role="columnheader" className={`figures absolute top-0 flex flex-col justify-center px-2 text-s text-ink-2 ${column.gap ? 'border-l-2 border-dashed border-line-strong' : ''}`} style={style}>
      <span className="clip font-medium">{first}</span>
      {second && <span className="clip text-ink-3">{second}</span>}
    </div>
  );
}

function Cell({ src, count, name, style, onOpen }: { src: string; count: string; name: string; style: CSSProperties; onOpen: () => void }) {
  return (
    <div role="gridcell" className="absolute top-0 p-1 hover:z-10" style={style}>
      <button type="button" aria-label={name} title={name} onClick={onOpen} className="relative block size-full overflow-hidden rounded-s bg-raised transition-transform duration-150 hover:scale-150 hover:shadow-over focus-visible:scale-150">
        <img src={src} alt="" loading="lazy" decoding="async" draggable={false} className="block size-full object-cover" />
        <span className="figures absolute right-1 bottom-1 rounded-s bg-video-veil px-1 text-s text-video-ink">{count}</span>
      </button>
    </div>
  );
}
