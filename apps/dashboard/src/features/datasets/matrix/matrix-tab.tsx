import type { Dataset } from '@argus/contracts';
import { Images, SearchX, Sprout } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useCan } from '../../../app/account.js';
import { useCall } from '../../../app/calls.js';
import { useI18n } from '../../../i18n/i18n.js';
import { EmptyState } from '../../../ui/empty-state.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { CONTROL_AUTO } from '../../../ui/field.js';
import { LinkButton } from '../../../ui/link-button.js';
import { Skeleton } from '../../../ui/skeleton.js';
import type { DatasetTabProps } from '../dataset-tab.js';
import { FilterBar } from '../filter-bar.js';
import { MatrixGrid, type OpenCell } from './matrix-grid.js';
import { stepFor, tableOf, type MatrixStep } from './matrix-layout.js';
import { isEverything, queryOf, searchOf } from '../sample-filter.js';
import { useSiteZone } from '../use-site-zone.js';

const STEPS = ['auto', 'hour', 'day', 'week'] as const;

/** The image matrix: groups down, time across; a cell opens its pictures. */
export function MatrixTab({ dataset, filter, onFilter }: DatasetTabProps) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const timeZone = useSiteZone(dataset);
  const [wanted, setWanted] = useState<'auto' | MatrixStep>('auto');
  const ask = (step: MatrixStep) => ({ params: { id: dataset.id }, query: { step, timeZone, ...queryOf(filter) } });
  const days = useCall('getDatasetMatrix', ask('day'), { enabled: wanted === 'auto' || wanted === 'day', keepPrevious: true });
  const step = wanted === 'auto' ? (days.data ? stepFor(days.data) : 'day') : wanted;
  const matrix = useCall('getDatasetMatrix', ask(step), { enabled: wanted !== 'auto' || days.data !== undefined, keepPrevious: true });
  const table = useMemo(() => (matrix.data ? tableOf(matrix.data, timeZone) : null), [matrix.data, timeZone]);
  const open = ({ group, from, to }: OpenCell) => {
    const cell = { ...filter, group: [group], ...(from && to ? { from: later(filter.from, from), to: earlier(filter.to, to) } : {}) };
    void navigate(`/datasets/${dataset.id}/pictures?${searchOf(cell).toString()}`);
  };
  if (dataset.counts.samples === 0) return <NoPictures dataset={dataset} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <FilterBar dataset={dataset} filter={filter} onFilter={onFilter}>
        {matrix.data && table && (
          <span role="status" className="figures text-s text-ink-3">
            {t('pictures.count', { count: matrix.data.groups.reduce((sum, { samples }) => sum + samples, 0) })} · {t('matrix.size', { groups: table.rows.length, columns: table.columns.length })}
          </span>
        )}
        <label className="flex items-center gap-2 text-s text-ink-2">
          {t('matrix.step')}
          <select className={CONTROL_AUTO} value={wanted} onChange={(event) => setWanted(event.target.value as typeof wanted)}>
            {STEPS.map((one) => (
              <option key={one} value={one}>
                {one === 'auto' && table ? `${t('matrix.step.auto')} (${t(`matrix.step.${step}`)})` : t(`matrix.step.${one}`)}
              </option>
            ))}
          </select>
        </label>
      </FilterBar>
      {matrix.isError && !matrix.data && <ErrorNotice error={matrix.error} onRetry={() => void matrix.refetch()} />}
      {!table && !matrix.isError && <Skeleton rows={5} className="h-20" />}
      {table?.rows.length === 0 && !isEverything(filter) && <EmptyState icon={SearchX} title={t('matrix.nothing')} />}
      {table && table.rows.length > 0 && <MatrixGrid datasetId={dataset.id} table={table} step={matrix.data?.step ?? step} timeZone={timeZone} onOpen={open} />}
    </div>
  );
}

const later = (one: string | null, other: string): string => (one !== null && one > other ? one : other);
const earlier = (one: string | null, other: string): string => (one !== null && one < other ? one : other);

/** A set into which nothing was put yet. */
export function NoPictures({ dataset }: { dataset: Dataset }) {
  const { t } = useI18n();
  const can = useCan();
  return (
    <EmptyState
      icon={Images}
      title={t('matrix.empty')}
      action={
        can('harvest.read') && (
          <LinkButton to={`/harvest?dataset=${dataset.id}`} icon={Sprout}>
            {t('datasets.toHarvest')}
          </LinkButton>
        )
      }
    >
      {t('matrix.emptyWhy')}
    </EmptyState>
  );
}
