import type { ReactNode } from 'react';
import { whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { DataTable } from '../../../ui/data-table.js';

export interface Bar {
  readonly name: string;
  readonly count: number;
}

interface ChartProps {
  readonly title: string;
  /** What is across. */
  readonly unit?: string;
  /** Of `count`, for the table. */
  readonly counted: string;
  readonly bars: readonly Bar[];
}

function ChartFrame({ title, unit, counted, bars, children }: ChartProps & { children: ReactNode }) {
  const { t, locale } = useI18n();
  return (
    <section aria-label={title} className="flex min-w-0 flex-col gap-3 rounded-m border border-line bg-surface p-4">
      <div>
        <h2 className="m-0 text-m font-semibold">{title}</h2>
        {unit && <p className="m-0 text-s text-ink-3">{unit}</p>}
      </div>
      {bars.length === 0 ? <p className="m-0 text-s text-ink-3">{t('statistics.nothing')}</p> : children}
      {bars.length > 0 && (
        <details className="text-s">
          <summary className="text-ink-2">{t('statistics.table')}</summary>
          <div className="mt-2 max-h-72 overflow-auto">
            <DataTable label={title} head={[unit ?? title, counted]} figuresFrom={1} rows={bars.map(({ name, count }, at) => ({ key: String(at), cells: [name, whole(count, locale)] }))} />
          </div>
        </details>
      )}
    </section>
  );
}

const MOST_LINES = 15;

/** Names with a bar each, the most frequent first. */
export function NamedBars(props: ChartProps) {
  const { t, locale } = useI18n();
  const shown = props.bars.slice(0, MOST_LINES);
  const most = Math.max(1, ...shown.map(({ count }) => count));
  return (
    <ChartFrame {...props}>
      <div aria-hidden className="grid grid-cols-[minmax(4rem,30%)_1fr_auto] items-center gap-x-3 gap-y-1 text-s">
        {shown.map(({ name, count }, at) => (
          <div key={at} className="contents">
            <span className="clip" title={name}>
              {name}
            </span>
            <svg viewBox="0 0 100 10" preserveAspectRatio="none" className="h-3 w-full">
              <rect width={(count / most) * 100} height={10} fill="var(--accent)" />
            </svg>
            <span className="figures text-right text-ink-2">{whole(count, locale)}</span>
          </div>
        ))}
      </div>
      {props.bars.length > MOST_LINES && <p className="m-0 text-s text-ink-3">{t('statistics.first', { shown: MOST_LINES, count: props.bars.length })}</p>}
    </ChartFrame>
  );
}

/** Columns beside each other, with the ends of the scale below. */
export function Columns(props: ChartProps) {
  const { locale } = useI18n();
  const { bars } = props;
  const most = Math.max(1, ...bars.map(({ count }) => count));
  // A single column is not a wall.
  const places = Math.max(bars.length, 12);
  const marks = bars.length < 3 ? bars : [bars[0], bars[Math.floor(bars.length / 2)], bars.at(-1)];
  return (
    <ChartFrame {...props}>
      <div aria-hidden className="flex flex-col gap-1">
        <span className="figures text-s text-ink-3">{whole(most, locale)}</span>
        <svg viewBox={`0 0 ${places * 10} 100`} preserveAspectRatio="none" className="h-32 w-full border-b border-line">
          {bars.map(({ name, count }, at) => (
            <rect key={at} x={at * 10 + 0.5} width={9} y={100 - (count / most) * 100} height={(count / most) * 100} fill="var(--accent)">
              <title>{`${name}: ${whole(count, locale)}`}</title>
            </rect>
          ))}
        </svg>
        <div className="figures flex justify-between text-s text-ink-3">
          {marks.map((mark, at) => (
            <span key={at}>{mark?.name}</span>
          ))}
        </div>
      </div>
    </ChartFrame>
  );
}
