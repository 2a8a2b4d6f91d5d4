import type { TimeWindow } from '@argus/contracts';
import { Plus, Trash2 } from 'lucide-react';
import { useI18n } from '../../i18n/i18n.js';
import { Button, IconButton } from '../../ui/button.js';
import { CONTROL, CONTROL_AUTO, Field, NumberField, SelectField } from '../../ui/field.js';
import { Section } from '../../ui/page.js';
import type { FormPartProps } from './form-part-props.js';
import { DATE_KINDS } from './harvest-draft.js';
import { ZoneField } from './zone-field.js';
import { WeekdaysField } from './weekdays-field.js';

const EVENING: TimeWindow = { from: '19:00', to: '21:00' };

/** When: hours, days, and by which clock. */
export function RecipeCalendar({ draft, errorOf, onDraft }: FormPartProps) {
  const { t } = useI18n();
  return (
    <Section title={t('harvest.when')}>
      <WindowsField windows={draft.windows} error={errorOf('windows')} onWindows={(windows) => onDraft({ windows })} />
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        <SelectField label={t('harvest.dates')} value={draft.dates} onValue={(dates) => onDraft({ dates: dates as typeof draft.dates })} options={DATE_KINDS.map((value) => ({ value, text: t(`harvest.dates.${value}`) }))} />
        {draft.dates === 'last' && <NumberField label={t('harvest.days')} hint={t('harvest.daysHint')} error={errorOf('days')} value={draft.days} onValue={(days) => onDraft({ days })} min={1} max={3650} step={1} />}
        {draft.dates === 'range' && (
          <>
            <DateField label={t('harvest.from')} value={draft.from} onValue={(from) => onDraft({ from })} error={errorOf('range')} />
            <DateField label={t('harvest.to')} value={draft.to} onValue={(to) => onDraft({ to })} hint={t('harvest.toHint')} />
          </>
        )}
      </div>
      <WeekdaysField label={t('harvest.weekdays')} days={draft.weekdays} onDays={(weekdays) => onDraft({ weekdays })} />
      <ZoneField draft={draft} errorOf={errorOf} onDraft={onDraft} />
    </Section>
  );
}

function DateField({ label, hint, error, value, onValue }: { label: string; hint?: string; error?: string | undefined; value: string; onValue: (value: string) => void }) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <input {...control} type="date" className={`${CONTROL} figures`} value={value} onChange={(event) => onValue(event.target.value)} />}
    </Field>
  );
}

/** Hours of a day; none: all of it. The field of a browser knows no 24:00, so midnight at the end is shown as 00:00. */
function WindowsField({ windows, error, onWindows }: { windows: readonly TimeWindow[]; error: string | undefined; onWindows: (windows: TimeWindow[]) => void }) {
  const { t } = useI18n();
  return (
    <div className="flex min-w-0 flex-col gap-2" role="group" aria-label={t('harvest.hours')}>
      <span className="text-s font-medium text-ink-2">{t('harvest.hours')}</span>
      {windows.length === 0 && <p className="m-0 text-m">{t('harvest.allDay')}</p>}
      {windows.map((window, index) => {
        const change = (part: Partial<TimeWindow>) => onWindows(windows.with(index, { ...window, ...part }));
        return (
          <div key={index} role="group" aria-label={t('harvest.window', { number: index + 1 })} className="flex flex-wrap items-center gap-2">
            <input type="time" required aria-label={t('harvest.windowFrom')} className={CONTROL_AUTO} value={window.from} onChange={(event) => event.target.value && change({ from: event.target.value })} />
            <span aria-hidden>–</span>
            <input type="time" required aria-label={t('harvest.windowTo')} className={CONTROL_AUTO} value={window.to === '24:00' ? '00:00' : window.to} onChange={(event) => event.target.value && change({ to: event.target.value === '00:00' ? '24:00' : event.target.value })} />
            <IconButton icon={Trash2} label={t('harvest.removeWindow')} onClick={() => onWindows(windows.toSpliced(index, 1))} />
            {window.to <= window.from && <span className="text-s text-ink-3">{t('harvest.overMidnight')}</span>}
          </div>
        );
      })}
      {error && (
        <p role="alert" className="m-0 text-s text-alarm">
          {error}
        </p>
      )}
      <div>
        <Button icon={Plus} onClick={() => onWindows([...windows, EVENING])} disabled={windows.length >= 24}>
          {t('harvest.addWindow')}
        </Button>
      </div>
    </div>
  );
}
