import { SPLITS, type Dataset } from '@argus/contracts';
import { useCall } from '../../../app/calls.js';
import { decimal, formatBytes, percent, whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import { labelText } from '../../../i18n/labels.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { Skeleton } from '../../../ui/skeleton.js';
import { Columns, NamedBars } from './bar-chart.js';
import { allHours, withEmptyBins } from './histogram-bins.js';
import { NoPictures } from '../matrix/matrix-tab.js';
import { ScenesPanel } from './scenes-panel.js';
import { TimePanel } from './time-panel.js';

/** How a set is made up: what a model that learns from it will have seen often, and what hardly ever. */
export function StatisticsTab({ dataset }: { dataset: Dataset }) {
  const { t, locale } = useI18n();
  const statistics = useCall('getDatasetStatistics', { params: { id: dataset.id } });
  const { data } = statistics;
  if (dataset.counts.samples === 0) return <NoPictures dataset={dataset} />;
  if (statistics.isError && !data) return <ErrorNotice error={statistics.error} onRetry={() => void statistics.refetch()} />;
  if (!data) return <Skeleton rows={4} className="h-40" />;
  const pictures = t('statistics.pictures');
  const bins = (list: typeof data.sharpness, digits: number) => withEmptyBins(list).map(({ from, count }) => ({ name: decimal(from, locale, digits), count }));
  const span = (list: typeof data.sharpness) => (list.at(-1)?.from ?? 0) - (list[0]?.from ?? 0);
  return (
    <div className="flex h-full flex-col gap-4 overflow-auto p-4">
      <Totals dataset={dataset} truncated={data.truncated.annotations} />
      <ScenesPanel dataset={dataset} />
      <TimePanel dataset={dataset} />
      <div className="grid grid-cols-1 gap-4 md:grid-cols-2">
        <NamedBars title={t('statistics.labels')} counted={t('statistics.annotations')} bars={data.labels.map(({ label, annotations }) => ({ name: labelText(label, locale) || t('view.ignore'), count: annotations }))} />
        <NamedBars title={t('statistics.groups')} counted={pictures} bars={data.groups.map(({ name, samples }) => ({ name, count: samples }))} />
        <NamedBars title={t('statistics.splits')} counted={pictures} bars={[...SPLITS, 'none' as const].map((split) => ({ name: t(`split.${split}`), count: data.splits[split] ?? 0 }))} />
        <Columns title={t('statistics.hours')} unit={t('statistics.hoursUnit')} counted={pictures} bars={data.hours.length === 0 ? [] : allHours(data.hours).map(({ hour, samples }) => ({ name: String(hour), count: samples }))} />
        <Columns title={t('statistics.boxSizes')} unit={t('statistics.boxSizesUnit')} counted={t('statistics.annotations')} bars={bins(data.boxSizes, 0)} />
        <Columns title={t('statistics.brightness')} unit={t('statistics.brightnessUnit')} counted={pictures} bars={bins(data.brightness, 2)} />
        <Columns title={t('statistics.sharpness')} unit={t('statistics.sharpnessUnit')} counted={pictures} bars={bins(data.sharpness, span(data.sharpness) < 20 ? 1 : 0)} />
      </div>
    </div>
  );
}

function Totals({ dataset: { counts }, truncated }: { dataset: Dataset; truncated: number }) {
  const { t, locale } = useI18n();
  const facts = [
    [t('statistics.pictures'), whole(counts.samples, locale)],
    [t('statistics.annotations'), whole(counts.annotations, locale)],
    [t('statistics.groups'), whole(counts.groups, locale)],
    [t('statistics.share'), percent(counts.complete / Math.max(1, counts.samples), locale)],
    [t('statistics.truncated'), percent(truncated / Math.max(1, counts.annotations), locale)],
    [t('statistics.bytes'), formatBytes(counts.bytes, locale)],
  ] as const;
  return (
    <dl className="m-0 grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-6">
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-col rounded-m border border-line bg-surface px-4 py-3">
          <dt className="text-s text-ink-3">{name}</dt>
          <dd className="figures m-0 text-xl font-semibold">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
