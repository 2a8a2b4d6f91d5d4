import { PRIORITIES, type TargetFps } from '@argus/contracts';
import { Plus, Trash2 } from 'lucide-react';
import { useI18n } from '../../../i18n/i18n.js';
import { Button, IconButton } from '../../../ui/button.js';
import { CONTROL_AUTO, NumberField, TextField } from '../../../ui/field.js';
import { newHour, type Hour } from './tuning-draft.js';
import type { TuningFields } from './tuning-fields.js';

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone')];

/** Analysed pictures per second at most, by class of cameras; other rates at certain hours. */
export function TargetRates({ draft, problems, readOnly, onDraft }: TuningFields) {
  const { t } = useI18n();
  const setHours = (hours: Hour[]) => onDraft({ ...draft, hours });
  return (
    <div className="flex flex-col gap-4">
      <RateFields rates={draft.targetFps} problemOf={(priority) => problems[`targetFps.${priority}`]} empty={t('tuning.asPipelines')} onRates={(targetFps) => onDraft({ ...draft, targetFps })} />
      {draft.hours.map((hour, index) => (
        <div key={index} role="group" aria-label={t('tuning.hours', { number: index + 1 })} className="flex flex-col gap-3 rounded-m border border-line p-3">
          <div className="flex flex-wrap items-center gap-2">
            <input type="time" required aria-label={t('rules.from')} className={CONTROL_AUTO} value={hour.from} onChange={(event) => event.target.value && setHours(draft.hours.with(index, { ...hour, from: event.target.value }))} />
            <span aria-hidden>–</span>
            <input type="time" required aria-label={t('rules.to')} className={CONTROL_AUTO} value={hour.to} onChange={(event) => event.target.value && setHours(draft.hours.with(index, { ...hour, to: event.target.value }))} />
            {hour.to < hour.from && <span className="text-s text-ink-3">{t('rules.overMidnight')}</span>}
            <span className="ml-auto">
              <IconButton icon={Trash2} label={t('ui.remove', { name: t('tuning.hours', { number: index + 1 }) })} onClick={() => setHours(draft.hours.toSpliced(index, 1))} />
            </span>
          </div>
          {problems[`hours.${index}.to`] && <p role="alert" className="m-0 text-s text-alarm">{problems[`hours.${index}.to`]}</p>}
          <RateFields rates={hour.targetFps} problemOf={(priority) => problems[`hours.${index}.targetFps.${priority}`]} empty={t('tuning.asPipelines')} onRates={(targetFps) => setHours(draft.hours.with(index, { ...hour, targetFps }))} />
        </div>
      ))}
      {!readOnly && (
        <div>
          <Button icon={Plus} onClick={() => setHours([...draft.hours, newHour()])}>
            {t('tuning.addHours')}
          </Button>
        </div>
      )}
      {draft.hours.length > 0 && (
        <div className="max-w-90">
          <TextField label={t('tuning.timeZone')} hint={t('tuning.timeZoneHint')} error={problems['timeZone']} value={draft.timeZone} onValue={(timeZone) => onDraft({ ...draft, timeZone })} list="tuning-zones" spellCheck={false} />
          <datalist id="tuning-zones">
            {ZONES.map((zone) => (
              <option key={zone} value={zone} />
            ))}
          </datalist>
        </div>
      )}
    </div>
  );
}

function RateFields({ rates, problemOf, empty, onRates }: { rates: TargetFps; problemOf: (priority: string) => string | undefined; empty: string; onRates: (rates: TargetFps) => void }) {
  const { t } = useI18n();
  return (
    <div className="grid max-w-180 gap-3 sm:grid-cols-3">
      {PRIORITIES.map((priority) => (
        <NumberField key={priority} label={t(`priority.${priority}`)} unit={t('ui.perSecond')} error={problemOf(priority)} value={rates[priority]} min={0.1} max={60} step="any" placeholder={empty} onValue={(value) => onRates({ ...rates, [priority]: value })} />
      ))}
    </div>
  );
}
