import type { Schedule } from '@argus/contracts';
import { Plus, Trash2 } from 'lucide-react';
import { useI18n } from '../../i18n/i18n.js';
import { Button, IconButton } from '../../ui/button.js';
import { CONTROL_AUTO, SwitchField } from '../../ui/field.js';
import type { ScheduleWindow } from './rule-summary.js';

const DAYS = [1, 2, 3, 4, 5, 6, 7] as const;
const NIGHT: ScheduleWindow = { days: [...DAYS], from: '22:00', to: '06:00' };

/** Weekly windows in the camera's own time zone; none: always. */
export function ScheduleEditor({ schedule, onSchedule }: { schedule: Schedule | null; onSchedule: (schedule: Schedule | null) => void }) {
  const { t } = useI18n();
  const windows = schedule?.windows ?? [];
  const set = (next: ScheduleWindow[]) => onSchedule(next.length > 0 ? { windows: next } : null);
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <SwitchField label={t('rules.always')} hint={t('rules.alwaysHint')} checked={schedule === null} onChecked={(always) => onSchedule(always ? null : { windows: [NIGHT] })} />
      {windows.map((window, index) => (
        <div key={index} role="group" aria-label={t('rules.window', { number: index + 1 })} className="flex flex-wrap items-center gap-2 rounded-m bg-raised p-2">
          <div className="flex gap-px">
            {DAYS.map((day) => {
              const on = window.days.includes(day);
              const days = on ? window.days.filter((other) => other !== day) : [...window.days, day];
              return (
                <button key={day} type="button" aria-pressed={on} disabled={on && window.days.length === 1} onClick={() => set(windows.with(index, { ...window, days }))} className={`min-h-8 min-w-9 rounded-s text-s ${on ? 'bg-accent-fill text-on-accent' : 'bg-surface text-ink-2'}`}>
                  {t(`day.${day}`)}
                </button>
              );
            })}
          </div>
          {/* Both times and the bin stay together: an end on its own line reads as another beginning. */}
          <div className="flex items-center gap-2">
            <input type="time" required aria-label={t('rules.from')} className={CONTROL_AUTO} value={window.from} onChange={(event) => event.target.value && set(windows.with(index, { ...window, from: event.target.value }))} />
            <span aria-hidden>–</span>
            <input type="time" required aria-label={t('rules.to')} className={CONTROL_AUTO} value={window.to} onChange={(event) => event.target.value && set(windows.with(index, { ...window, to: event.target.value }))} />
            <IconButton icon={Trash2} label={t('rules.removeWindow')} onClick={() => set(windows.toSpliced(index, 1))} />
          </div>
          {window.to <= window.from && <span className="w-full text-s text-ink-3">{t('rules.overMidnight')}</span>}
        </div>
      ))}
      {schedule && (
        <div>
          <Button icon={Plus} onClick={() => set([...windows, { days: [6, 7], from: '00:00', to: '23:59' }])}>
            {t('rules.addWindow')}
          </Button>
        </div>
      )}
    </div>
  );
}
