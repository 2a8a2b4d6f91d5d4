import { useAll } from '../../app/calls.js';
import { useCan } from '../../app/account.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { ChipsField } from '../../ui/chips-field.js';
import { NumberField, SwitchField } from '../../ui/field.js';
import { Section } from '../../ui/page.js';
import { RadioCards } from '../../ui/radio-cards.js';
import type { FormPartProps } from './form-part-props.js';
import { SAMPLING_KINDS, VIDEO_SAMPLING_KINDS } from './harvest-draft.js';

/** Which pictures of the chosen footage. */
export function RecipeSampling(props: FormPartProps) {
  const { t } = useI18n();
  const { draft, errorOf, onDraft } = props;
  const kinds = draft.source === 'cameras' ? SAMPLING_KINDS : VIDEO_SAMPLING_KINDS;
  const everySpaced = draft.sampling === 'keyframes' || draft.sampling === 'scenes';
  return (
    <Section title={t('harvest.sampling')}>
      <RadioCards label={t('harvest.samplingKind')} value={draft.sampling} onValue={(sampling) => onDraft({ sampling })} options={kinds.map((value) => ({ value, text: t(`harvest.sampling.${value}`), hint: t(`harvest.samplingHint.${value}`) }))} />
      <div className="grid grid-cols-1 gap-3 sm:grid-cols-2">
        {draft.sampling === 'frames' && <NumberField label={t('harvest.everyPictures')} hint={t('harvest.everyPicturesHint')} unit={t('harvest.pictures')} error={errorOf('every')} value={draft.everyPictures} onValue={(everyPictures) => onDraft({ everyPictures })} min={1} step={1} />}
        {everySpaced && <NumberField label={t('harvest.everySeconds')} hint={t(draft.sampling === 'scenes' ? 'harvest.sceneSecondsHint' : 'harvest.keySecondsHint')} unit={t('ui.seconds')} error={errorOf('every')} value={draft.keySeconds} onValue={(keySeconds) => onDraft({ keySeconds })} min={0} step="any" />}
        {draft.sampling !== 'frames' && !everySpaced && <NumberField label={t('harvest.everySeconds')} unit={t('ui.seconds')} error={errorOf('every')} value={draft.everySeconds} onValue={(everySeconds) => onDraft({ everySeconds })} min={0.04} step="any" />}
        {draft.sampling === 'events' && <AroundFields {...props} />}
        {draft.sampling === 'objects' && <NumberField label={t('harvest.maxScore')} hint={t('harvest.maxScoreHint')} error={errorOf('maxScore')} value={draft.maxScore} onValue={(maxScore) => onDraft({ maxScore })} min={0} max={1} step={0.05} />}
      </div>
      {(draft.sampling === 'objects' || draft.sampling === 'events') && <LabelsField {...props} />}
      {draft.sampling === 'objects' && <SwitchField label={t('harvest.disagreement')} hint={t('harvest.disagreementHint')} checked={draft.disagreement} onChecked={(disagreement) => onDraft({ disagreement })} />}
    </Section>
  );
}

function AroundFields({ draft, errorOf, onDraft }: FormPartProps) {
  const { t } = useI18n();
  return (
    <div className="grid grid-cols-2 gap-3">
      <NumberField label={t('harvest.before')} unit={t('ui.seconds')} error={errorOf('around')} value={draft.beforeSeconds} onValue={(beforeSeconds) => onDraft({ beforeSeconds })} min={0} max={600} step="any" />
      <NumberField label={t('harvest.after')} unit={t('ui.seconds')} value={draft.afterSeconds} onValue={(afterSeconds) => onDraft({ afterSeconds })} min={0} max={600} step="any" />
    </div>
  );
}

function LabelsField({ draft, errorOf, onDraft }: FormPartProps) {
  const { t, locale } = useI18n();
  const can = useCan();
  const models = useAll('listModels', { enabled: can('model.read') }).data ?? [];
  const known = [...new Set(models.filter((model) => model.task === 'detect').flatMap((model) => model.labels))];
  return <ChipsField label={t('harvest.labels')} hint={t('harvest.labelsHint')} error={errorOf('labels')} values={draft.labels} suggestions={known} placeholder="person" textOf={(label) => labelText(label, locale)} onValues={(labels) => onDraft({ labels })} />;
}
