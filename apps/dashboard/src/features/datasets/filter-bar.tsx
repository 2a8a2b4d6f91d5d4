import type { Dataset } from '@argus/contracts';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useCall } from '../../app/calls.js';
import { formatDateTime, whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { Button } from '../../ui/button.js';
import { CheckMenu, MenuButton } from '../../ui/check-menu.js';
import { CONTROL, Field } from '../../ui/field.js';
import { instantOf, localMs } from '../timeline/zoned-day.js';
import { QualityMenu } from './quality-menu.js';
import { EVERYTHING, isEverything, SPLIT_CHOICES, type PictureFilter, type SplitChoice } from './sample-filter.js';
import { useSiteZone } from './use-site-zone.js';

interface FilterBarProps {
  readonly dataset: Dataset;
  readonly filter: PictureFilter;
  readonly onFilter: (filter: PictureFilter) => void;
  /** Before the filters. */
  readonly search?: ReactNode;
  /** At the end of the line. */
  readonly children?: ReactNode;
}

const YES_NO = ['true', 'false'] as const;

/** Which pictures: the same for matrix and pictures. */
export function FilterBar({ dataset, filter, onFilter, search, children }: FilterBarProps) {
  const { t, locale } = useI18n();
  const timeZone = useSiteZone(dataset);
  const groups = useCall('getDatasetMatrix', { params: { id: dataset.id }, query: { step: 'day', timeZone } }, { staleTime: 60_000 }).data?.groups ?? [];
  const change = (part: Partial<PictureFilter>) => onFilter({ ...filter, ...part });
  const labels = Object.entries(dataset.counts.labels).sort(([, a], [, b]) => b - a);
  return (
    <div role="group" aria-label={t('filter.label')} className="flex min-h-13 shrink-0 flex-wrap items-center gap-2 border-b border-line px-4 py-2">
      {search}
      <div className="flex max-w-full items-center gap-2 max-sm:min-w-0 max-sm:flex-1 max-sm:basis-40 max-sm:overflow-x-auto sm:flex-wrap">
      <CheckMenu label={t('filter.group')} options={groups.map(({ name, samples }) => ({ value: name, text: name, note: whole(samples, locale) }))} values={filter.group} onValues={(group) => change({ group })} />
      <CheckMenu label={t('filter.labels')} options={labels.map(([label, count]) => ({ value: label, text: labelText(label, locale) || t('view.ignore'), note: whole(count, locale) }))} values={filter.label} onValues={(label) => change({ label })} />
      <CheckMenu label={t('filter.split')} options={SPLIT_CHOICES.map((value) => ({ value, text: t(`split.${value}`) }))} values={filter.split} onValues={(split) => change({ split: split as SplitChoice[] })} />
      <CheckMenu
        label={t('filter.complete')}
        options={YES_NO.map((value) => ({ value, text: t(`complete.${value}`) }))}
        values={filter.complete === null ? [] : [String(filter.complete)]}
        onValues={(values) => change({ complete: values.length === 0 ? null : values.at(-1) === 'true' })}
      />
      <CheckMenu
        label={t('filter.focus')}
        options={YES_NO.map((value) => ({ value, text: t(`focus.${value}`) }))}
        values={filter.focus === null ? [] : [String(filter.focus)]}
        onValues={(values) => change({ focus: values.length === 0 ? null : values.at(-1) === 'true' })}
      />
      <QualityMenu filter={filter} onChange={change} />
      <TimeMenu timeZone={timeZone} filter={filter} onChange={change} />
      {!isEverything(filter) && (
        <Button tone="quiet" icon={X} onClick={() => onFilter({ ...EVERYTHING, sort: filter.sort })}>
          {t('filter.clear')}
        </Button>
      )}
      </div>
      <div className="ml-auto flex min-w-0 flex-wrap items-center gap-2">{children}</div>
    </div>
  );
}

function TimeMenu({ timeZone, filter, onChange }: { timeZone: string; filter: PictureFilter; onChange: (part: Partial<PictureFilter>) => void }) {
  const { t, locale } = useI18n();
  const text = (iso: string | null) => (iso === null ? '…' : formatDateTime(iso, timeZone, locale, Date.now()));
  const chosen = filter.from === null && filter.to === null ? null : `${text(filter.from)} – ${text(filter.to)}`;
  return (
    <MenuButton label={t('filter.time')} chosen={chosen}>
      {(['from', 'to'] as const).map((end) => (
        <Field key={end} label={t(`filter.${end}`)}>
          {(control) => <input {...control} type="datetime-local" className={`${CONTROL} figures`} value={fieldOf(filter[end], timeZone)} onChange={(event) => onChange({ [end]: instantOfField(event.target.value, timeZone) })} />}
        </Field>
      ))}
      <p className="m-0 text-s text-ink-3">{t('filter.zone', { zone: timeZone })}</p>
    </MenuButton>
  );
}

/** `2026-11-20T09:00`, in the zone of the site. */
const fieldOf = (iso: string | null, timeZone: string): string => (iso === null ? '' : new Date(localMs(Date.parse(iso), timeZone)).toISOString().slice(0, 16));

function instantOfField(value: string, timeZone: string): string | null {
  const local = Date.parse(`${value}Z`);
  return Number.isNaN(local) ? null : new Date(instantOf(local, timeZone)).toISOString();
}
