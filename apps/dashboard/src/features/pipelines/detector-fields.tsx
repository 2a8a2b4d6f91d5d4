import type { ModelId, ModelSummary } from '@argus/contracts';
import { useI18n } from '../../i18n/i18n.js';
import { NumberField, SelectField, TextField } from '../../ui/field.js';
import type { DraftFields } from './draft-fields.js';

/** Name, first stage, and how often. A model that is no longer there stays chosen until another is. */
export function DetectorFields({ draft, problems, onDraft, detectors }: DraftFields & { detectors: readonly ModelSummary[] }) {
  const { t } = useI18n();
  const gone = detectors.some((model) => model.id === draft.detector) ? [] : [{ value: draft.detector, text: draft.detector }];
  return (
    <>
      <TextField label={t('pipelines.name')} value={draft.name} onValue={(name) => onDraft({ ...draft, name })} error={problems['name'] && t('ui.nameWanted')} />
      <SelectField label={t('pipelines.detector')} hint={t('pipelines.detectorHint')} error={problems['detector']} value={draft.detector} onValue={(id) => onDraft({ ...draft, detector: id as ModelId })} options={[...gone, ...detectors.map((model) => ({ value: model.id, text: `${model.title} ${model.version}` }))]} />
      <NumberField label={t('pipelines.minScore')} hint={t('pipelines.minScoreHint')} error={problems['minScore']} value={draft.minScore} min={0.01} max={1} step={0.01} placeholder={t('pipelines.ofModel')} onValue={(minScore) => onDraft({ ...draft, minScore })} />
      <NumberField label={t('cameras.analysisFps')} hint={t('cameras.analysisFpsHint')} unit={t('ui.perSecond')} error={problems['analysisFps']} value={draft.analysisFps} min={0.1} max={60} step="any" onValue={(value) => onDraft({ ...draft, analysisFps: value ?? 0 })} />
    </>
  );
}
