import type { PipelineId } from '@argus/contracts';
import { useMemo } from 'react';
import { useAll } from '../../app/calls.js';
import { useAccount, useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { ChipsField } from '../../ui/chips-field.js';
import { NumberField, SelectField, SwitchField, TextField } from '../../ui/field.js';
import type { CameraDraft } from './camera-draft.js';

interface CameraSettingsFormProps {
  readonly draft: CameraDraft;
  readonly problems: Readonly<Record<string, string>>;
  readonly readOnly: boolean;
  readonly onDraft: (draft: CameraDraft) => void;
}

const ZONES = Intl.supportedValuesOf('timeZone');

/** What to look for, how often, and where the site is. */
export function CameraSettingsForm({ draft, problems, readOnly, onDraft }: CameraSettingsFormProps) {
  const { t, locale } = useI18n();
  const can = useCan();
  const limited = useAccount().groupRights !== null;
  const pipelines = useAll('listPipelines', { enabled: can('pipeline.read') }).data ?? [];
  const models = useAll('listModels', { enabled: can('model.read') }).data ?? [];
  const pipeline = pipelines.find((one) => (draft.pipelineId ? one.id === draft.pipelineId : one.isDefault));
  const known = useMemo(() => models.find((model) => model.id === pipeline?.detector)?.labels ?? [], [models, pipeline]);
  const fallback = pipelines.find((one) => one.isDefault);
  return (
    <fieldset disabled={readOnly} className="m-0 flex min-w-0 flex-col gap-4 border-0 p-0">
      <SwitchField label={t('cameras.everything')} hint={t('cameras.everythingHint')} checked={draft.labels === null} onChecked={(all) => onDraft({ ...draft, labels: all ? null : ['person'] })} disabled={readOnly} />
      {draft.labels !== null && (
        <ChipsField label={t('cameras.labels')} hint={t('cameras.labelsHint')} error={problems['labels']} values={draft.labels} suggestions={known} placeholder="person" textOf={(label) => labelText(label, locale)} onValues={(labels) => onDraft({ ...draft, labels })} />
      )}
      <SelectField
        label={t('cameras.pipeline')}
        hint={t('cameras.pipelineHint')}
        value={draft.pipelineId ?? ''}
        onValue={(id) => onDraft({ ...draft, pipelineId: (id || null) as PipelineId | null })}
        options={[{ value: '', text: t('cameras.defaultPipeline', { name: fallback?.name ?? '' }) }, ...pipelines.filter((one) => !one.isDefault).map((one) => ({ value: one.id, text: one.name }))]}
      />
      <NumberField
        label={t('cameras.analysisFps')}
        hint={t('cameras.analysisFpsHint')}
        unit={t('ui.perSecond')}
        error={problems['analysisFps']}
        value={draft.analysisFps}
        onValue={(analysisFps) => onDraft({ ...draft, analysisFps })}
        min={0.1}
        max={60}
        step="any"
        placeholder={pipeline ? String(pipeline.analysisFps) : ''}
      />
      <TextField label={t('cameras.timeZone')} hint={t('cameras.timeZoneHint')} error={problems['timeZone']} value={draft.timeZone} onValue={(timeZone) => onDraft({ ...draft, timeZone })} list="time-zones" spellCheck={false} />
      <datalist id="time-zones">
        {['UTC', ...ZONES].map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <fieldset disabled={limited} className="m-0 min-w-0 border-0 p-0">
        <ChipsField label={t('cameras.tags')} hint={t(limited ? 'cameras.groupLimited' : 'cameras.tagsHint')} error={problems['tags']} values={draft.tags} onValues={(tags) => onDraft({ ...draft, tags })} />
      </fieldset>
    </fieldset>
  );
}
