import { PRIORITIES, type Priority } from '@argus/contracts';
import { useState } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { NumberField, SelectField, TextField } from '../../ui/field.js';
import type { CameraDraft } from './camera-draft.js';
import { StreamProbe } from './stream-probe.js';

interface SchedulingFormProps {
  readonly draft: CameraDraft;
  readonly cameraId: string | null;
  readonly problems: Readonly<Record<string, string>>;
  /** What the server did not take, in its words. */
  readonly refused: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  readonly onDraft: (draft: CameraDraft) => void;
}

/** Who is served first when the machine cannot serve all, and a smaller stream for analysis. Folded away until somebody needs it. */
export function SchedulingForm({ draft, cameraId, problems, refused, readOnly, onDraft }: SchedulingFormProps) {
  const { t } = useI18n();
  const [open, setOpen] = useState(draft.priority !== 'normal' || draft.weight !== 1 || draft.analysisUrl !== null);
  const wrong = [problems, refused].some((found) => found['analysisUrl'] !== undefined) || problems['weight'] !== undefined;
  return (
    <details open={open || wrong} onToggle={(event) => setOpen(event.currentTarget.open)} className="rounded-m border border-line">
      <summary className="min-h-9 px-3 py-2 text-m text-ink-2">
        {t('scheduling.title')}
        <span className="ml-2 text-s text-ink-3">{t('scheduling.what')}</span>
      </summary>
      <fieldset disabled={readOnly} className="m-0 flex min-w-0 flex-col gap-4 border-0 p-3 pt-2">
        <SelectField
          label={t('scheduling.priority')}
          hint={t(`priorityHint.${draft.priority}`)}
          value={draft.priority}
          onValue={(priority) => onDraft({ ...draft, priority: priority as Priority })}
          options={PRIORITIES.map((value) => ({ value, text: t(`priority.${value}`) }))}
          disabled={readOnly}
        />
        <NumberField label={t('scheduling.weight')} hint={t('scheduling.weightHint')} error={problems['weight'] && t('scheduling.weightWanted')} value={draft.weight} min={0.1} max={10} step="any" onValue={(weight) => onDraft({ ...draft, weight: weight ?? 0 })} />
        <TextField
          label={t('scheduling.analysisUrl')}
          hint={t('scheduling.analysisUrlHint')}
          error={refused['analysisUrl'] ?? (problems['analysisUrl'] && t('cameras.urlWanted'))}
          value={draft.analysisUrl ?? ''}
          onValue={(url) => onDraft({ ...draft, analysisUrl: url.trim() === '' ? null : url })}
          placeholder={t('scheduling.mainStream')}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
        />
        {draft.analysisUrl !== null && <StreamProbe url={draft.analysisUrl} cameraId={cameraId} stream="analysis" label={t('scheduling.test')} />}
      </fieldset>
    </details>
  );
}
