import { HARVEST_PURPOSES, type Dataset } from '@argus/contracts';
import { useId, useState } from 'react';
import { useCan } from '../../app/account.js';
import { useAll } from '../../app/calls.js';
import { whole } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { CONTROL, Field, SwitchField } from '../../ui/field.js';
import { Section } from '../../ui/page.js';
import { RadioCards } from '../../ui/radio-cards.js';
import type { FormPartProps } from './form-part-props.js';
import { TARGETS, withPurpose } from './harvest-draft.js';
import { timeHere } from './time-here.js';
import { WeekdaysField } from './weekdays-field.js';

/** Where pictures go. */
export function RecipeTarget({ draft, errorOf, onDraft }: FormPartProps) {
  const { t } = useI18n();
  const can = useCan();
  const sets = useAll('listDatasets', { enabled: can('dataset.read') }).data ?? [];
  const ofVideos = draft.source !== 'cameras';
  const name = draft.name.trim();
  const hints = { new: name ? t('harvest.targetHint.new', { name }) : t('harvest.targetHint.unnamed'), one: t('harvest.targetHint.one'), matrix: t(ofVideos ? 'harvest.targetHint.matrixGroups' : 'harvest.targetHint.matrix') };
  return (
    <Section title={t('harvest.target')}>
      <RadioCards label={t('harvest.purpose')} value={draft.purpose} onValue={(purpose) => onDraft((before) => withPurpose(before, purpose))} options={HARVEST_PURPOSES.map((value) => ({ value, text: t(`harvest.purpose.${value}`), hint: t(`harvest.purposeHint.${value}`) }))} />
      <RadioCards
        label={t('harvest.targetKind')}
        value={draft.target}
        onValue={(target) => onDraft({ target })}
        options={TARGETS.map((value) => ({ value, text: t(value === 'matrix' && ofVideos ? 'harvest.target.matrixGroups' : `harvest.target.${value}`), hint: hints[value] }))}
      />
      {draft.target === 'one' && <SetSearch sets={sets} chosen={draft.datasetId} error={errorOf('dataset')} onChosen={(datasetId) => onDraft({ datasetId })} />}
    </Section>
  );
}

function SetSearch({ sets, chosen, error, onChosen }: { sets: readonly Dataset[]; chosen: string | null; error: string | undefined; onChosen: (id: Dataset['id']) => void }) {
  const { t, locale } = useI18n();
  const [text, setText] = useState('');
  const group = useId();
  const wanted = text.trim().toLocaleLowerCase();
  const found = sets.filter(({ id, name }) => id === chosen || name.toLocaleLowerCase().includes(wanted));
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field label={t('harvest.findSet')} error={error}>
        {(control) => <input {...control} type="search" className={CONTROL} value={text} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()} />}
      </Field>
      <div role="radiogroup" aria-label={t('harvest.target.one')} className="flex max-h-48 flex-col overflow-auto rounded-m border border-line px-3 py-1">
        {found.map(({ id, name, counts }) => (
          <label key={id} className="flex min-h-9 cursor-pointer items-center gap-2 text-m">
            <input type="radio" name={group} className="size-4 shrink-0 accent-accent-fill" checked={id === chosen} onChange={() => onChosen(id)} />
            <span className="min-w-0 flex-1 clip">{name}</span>
            <span className="figures shrink-0 text-s text-ink-3">{t('harvest.setCount', { count: whole(counts.samples, locale) })}</span>
          </label>
        ))}
        {found.length === 0 && <p className="m-0 py-2 text-s text-ink-3">{t(sets.length === 0 ? 'harvest.noSets' : 'harvest.noSetFound')}</p>}
      </div>
    </div>
  );
}

/** Runs by itself, and takes what is new. */
export function RecipeSchedule({ draft, errorOf, onDraft }: FormPartProps) {
  const { t } = useI18n();
  const zone = draft.zone ?? 'UTC';
  const here = timeHere(draft.at, zone, Date.now());
  return (
    <Section title={t('harvest.schedule')}>
      <SwitchField label={t('harvest.repeats')} hint={t('harvest.repeatsHint')} checked={draft.repeats} onChecked={(repeats) => onDraft({ repeats })} />
      {draft.repeats && (
        <div className="flex flex-wrap items-start gap-x-6 gap-y-3">
          <div className="max-w-60">
            <Field label={t('harvest.at')} hint={here === null ? t('harvest.atHint', { zone }) : t('harvest.atHere', { zone, here })} error={errorOf('at')}>
              {(control) => <input {...control} type="time" className={CONTROL} value={draft.at} onChange={(event) => onDraft({ at: event.target.value })} />}
            </Field>
          </div>
          <WeekdaysField label={t('harvest.repeatDays')} days={draft.repeatDays} onDays={(repeatDays) => onDraft({ repeatDays })} />
        </div>
      )}
    </Section>
  );
}
