import type { Dataset, DatasetJobOptions, DatasetTime, WorkActivity } from '@argus/contracts';
import { useCall } from '../../../app/calls.js';
import { formatSpan, percent, whole } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import type { Locale } from '../../../i18n/locale.js';
import { DataTable } from '../../../ui/data-table.js';
import { ErrorNotice } from '../../../ui/error-notice.js';
import { Facts } from '../../../ui/facts.js';
import { Section } from '../../../ui/page.js';

const COLOURS: Readonly<Record<WorkActivity, string>> = { choosing: 'var(--accent)', labelling: 'var(--good)', reviewing: 'var(--caution)', preparing: 'var(--ink-3)' };

const HOUR = 3600;
/** Hours with a digit behind: half a day's work is not `4 h` until it is five. */
const worked = (seconds: number, locale: Locale): string => (seconds < HOUR ? formatSpan(seconds * 1000, locale) : new Intl.NumberFormat(locale, { style: 'unit', unit: 'hour', unitDisplay: 'short', maximumFractionDigits: 1 }).format(seconds / HOUR));
const some = (count: number, locale: Locale): string => (count === 0 ? '–' : whole(count, locale));
const each = (seconds: number, count: number, locale: Locale): string => (count === 0 ? '–' : worked(seconds / count, locale));

/** How long people chose, labelled, reviewed and prepared, and machines beside them. */
export function TimePanel({ dataset }: { dataset: Dataset }) {
  const { t } = useI18n();
  const time = useCall('getDatasetTime', { params: { id: dataset.id } });
  return (
    <div className="rounded-m border border-line bg-surface" data-testid="time">
      <Section title={t('time.title')}>
        {time.isError && !time.data && <ErrorNotice error={time.error} onRetry={() => void time.refetch()} />}
        {time.data && <People time={time.data} />}
        {time.data && time.data.machine.length > 0 && <Machines machine={time.data.machine} />}
      </Section>
    </div>
  );
}

function People({ time: { isMeasured, activities, from, to, rates } }: { time: DatasetTime }) {
  const { t, locale } = useI18n();
  const total = activities.reduce((sum, { seconds }) => sum + seconds, 0);
  const off = !isMeasured && <p className="m-0 text-s text-ink-3">{t('time.off')}</p>;
  if (total === 0) return off || <p className="m-0 text-s text-ink-3">{t('time.none')}</p>;
  const rows = activities.map(({ activity, seconds, pictures, boxes }) => ({
    key: activity,
    cells: [<Named key={activity} activity={activity} />, worked(seconds, locale), percent(seconds / total, locale), some(pictures, locale), each(seconds, pictures, locale), some(boxes, locale), each(seconds, boxes, locale)],
  }));
  const pace = { picture: worked(rates.secondsPerPicture, locale), box: worked(rates.secondsPerBox, locale) };
  return (
    <>
      <p className="figures m-0 text-m font-medium">{t(from === to ? 'time.allOnDay' : 'time.all', { time: worked(total, locale), from: from ?? '', to: to ?? '' })}</p>
      <SplitBar activities={activities} total={total} />
      <DataTable label={t('time.title')} head={[t('time.activity'), t('time.time'), t('time.share'), t('time.pictures'), t('time.perPicture'), t('time.boxes'), t('time.perBox')]} figuresFrom={1} rows={rows} />
      <p className="m-0 text-s text-ink-2">{t(rates.isMeasured ? 'time.measured' : 'time.usual', pace)}</p>
      <p className="m-0 text-s text-ink-3">{t('time.privacy')}</p>
      {off}
    </>
  );
}

function SplitBar({ activities, total }: { activities: DatasetTime['activities']; total: number }) {
  const { t, locale } = useI18n();
  const parts = activities.map((one, at) => ({ ...one, begin: activities.slice(0, at).reduce((sum, { seconds }) => sum + seconds, 0) / total, share: one.seconds / total }));
  return (
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" role="img" aria-label={parts.map(({ activity, share }) => `${t(`time.activity.${activity}`)} ${percent(share, locale)}`).join(', ')} className="h-5 w-full rounded-s">
      {parts.map(({ activity, begin, share }) => (
        <rect key={activity} data-activity={activity} x={begin * 100} width={share * 100} height={10} fill={COLOURS[activity]}>
          <title>{`${t(`time.activity.${activity}`)}: ${percent(share, locale)}`}</title>
        </rect>
      ))}
    </svg>
  );
}

function Named({ activity }: { activity: WorkActivity }) {
  const { t } = useI18n();
  return (
    <span className="flex items-center gap-2 whitespace-nowrap">
      <svg aria-hidden viewBox="0 0 10 10" className="size-2.5 shrink-0"><rect width={10} height={10} rx={2} fill={COLOURS[activity]} /></svg>
      {t(`time.activity.${activity}`)}
    </span>
  );
}

function Machines({ machine }: { machine: DatasetTime['machine'] }) {
  const { t, locale } = useI18n();
  const nameOf = (kind: string) => (kind === 'harvest' ? t('time.harvest') : t(`setJobs.kind.${kind as DatasetJobOptions['kind']}`));
  return (
    <div className="flex flex-col gap-1">
      <h3 className="m-0 text-s font-semibold text-ink-2">{t('time.machine')}</h3>
      <Facts rows={machine.map(({ kind, seconds, runs }) => [nameOf(kind), t('time.runs', { time: worked(seconds, locale), count: runs })])} />
    </div>
  );
}
