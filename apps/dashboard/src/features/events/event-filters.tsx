import { EVENT_STATES } from '@argus/contracts';
import { X } from 'lucide-react';
import { useAll } from '../../app/calls.js';
import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { Button } from '../../ui/button.js';
import { CONTROL } from '../../ui/field.js';
import { FILTER_KEYS, isFiltered, type EventFilter } from './event-filter.js';

interface EventFiltersProps {
  readonly filter: EventFilter;
  /** Labels that are in the list now. */
  readonly labels: readonly string[];
  readonly onChange: (entries: Partial<Record<keyof EventFilter, string | null>>) => void;
}

/** Filters in one row; each is in the URL. */
export function EventFilters({ filter, labels, onChange }: EventFiltersProps) {
  const { t, locale } = useI18n();
  const can = useCan();
  const cameras = useAll('listCameras').data ?? [];
  const rules = useAll('listRules', { enabled: can('rule.read') }).data ?? [];
  const known = [...new Set([...labels, ...rules.flatMap((rule) => rule.labels), ...(filter.label ? [filter.label] : [])])].sort();
  return (
    <div role="search" aria-label={t('events.filters')} className="flex gap-2 overflow-x-auto border-b border-line px-4 py-2 md:flex-wrap">
      <Choice search label={t('events.camera')} all={t('events.allCameras')} value={filter.camera} options={cameras.map((camera) => [camera.id, camera.name])} onValue={(camera) => onChange({ camera })} />
      <Choice label={t('events.rule')} all={t('events.allRules')} value={filter.rule} options={rules.map((rule) => [rule.id, rule.name])} onValue={(rule) => onChange({ rule })} />
      <Choice label={t('events.label')} all={t('events.allLabels')} value={filter.label} options={known.map((label) => [label, labelText(label, locale)])} onValue={(label) => onChange({ label })} />
      <Choice label={t('events.state')} all={t('events.allStates')} value={filter.state} options={EVENT_STATES.map((state) => [state, t(`event.${state}`)])} onValue={(state) => onChange({ state })} />
      <Choice label={t('events.seen')} all={t('events.allSeen')} value={filter.seen} options={[['no', t('events.unseen')], ['yes', t('event.seen')]]} onValue={(seen) => onChange({ seen })} />
      <Moment label={t('events.from')} value={filter.from} onValue={(from) => onChange({ from })} />
      <Moment label={t('events.to')} value={filter.to} onValue={(to) => onChange({ to })} />
      {isFiltered(filter) && (
        <Button tone="quiet" icon={X} onClick={() => onChange(Object.fromEntries(FILTER_KEYS.map((key) => [key, null])))}>
          {t('events.clear')}
        </Button>
      )}
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly all: string;
  readonly value: string | null;
  readonly options: readonly (readonly [value: string, text: string])[];
  readonly onValue: (value: string | null) => void;
  readonly search?: boolean;
}

function Choice({ label, all, value, options, onValue, search }: ChoiceProps) {
  return (
    <select data-search={search || undefined} aria-label={label} value={value ?? ''} onChange={(event) => onValue(event.target.value || null)} className={`${CONTROL} max-w-36 shrink-0 ${value ? 'border-accent' : ''}`}>
      <option value="">{all}</option>
      {options.map(([id, text]) => (
        <option key={id} value={id}>
          {text}
        </option>
      ))}
    </select>
  );
}

/** A moment in the reader's own clock; the URL keeps it in UTC. */
function Moment({ label, value, onValue }: { label: string; value: string | null; onValue: (value: string | null) => void }) {
  const local = value ? new Date(Date.parse(value) - new Date(value).getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : '';
  return (
    <label className="flex shrink-0 items-center gap-1 text-s text-ink-3">
      {label}
      <input type="datetime-local" value={local} onChange={(event) => onValue(event.target.value ? new Date(event.target.value).toISOString() : null)} className={`${CONTROL} max-w-52 ${value ? 'border-accent' : ''}`} />
    </label>
  );
}
