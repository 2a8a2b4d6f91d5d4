import { useI18n } from '../../i18n/i18n.js';
import { EVERY_DAY } from './harvest-draft.js';

/** Days of the week; the last one stays. */
export function WeekdaysField({ label, days, onDays }: { label: string; days: readonly number[]; onDays: (days: readonly number[]) => void }) {
  const { t } = useI18n();
  return (
    <div role="group" aria-label={label} className="flex flex-col gap-1">
      <span className="text-s font-medium text-ink-2">{label}</span>
      <div className="flex gap-px">
        {EVERY_DAY.map((day) => {
          const on = days.includes(day);
          return (
            <button
              key={day}
              type="button"
              aria-pressed={on}
              disabled={on && days.length === 1}
              onClick={() => onDays(on ? days.filter((other) => other !== day) : [...days, day])}
              className={`min-h-9 min-w-9 rounded-s text-s ${on ? 'bg-accent-fill text-on-accent' : 'bg-raised text-ink-2 hover:text-ink'}`}
            >
              {t(`day.${day as 1}`)}
            </button>
          );
        })}
      </div>
    </div>
  );
}
