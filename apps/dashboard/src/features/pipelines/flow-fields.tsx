import { FLOW_POLICIES, type FlowSettings } from '@argus/contracts';
import { useI18n } from '../../i18n/i18n.js';
import { NumberField, SelectField } from '../../ui/field.js';
import { FormPart } from '../../ui/form-part.js';
import type { DraftFields } from './draft-fields.js';

/** What waits for the detector, and how old a result may be. */
export function FlowFields({ draft, problems, onDraft }: DraftFields) {
  const { t } = useI18n();
  const { flow } = draft;
  const change = (part: Partial<FlowSettings>) => onDraft({ ...draft, flow: { ...flow, ...part } });
  return (
    <FormPart title={t('flow.title')} hint={t('flow.hint')}>
      <SelectField label={t('flow.policy')} hint={t(`flowHint.${flow.policy}`)} value={flow.policy} onValue={(policy) => change({ policy: policy as FlowSettings['policy'] })} options={FLOW_POLICIES.map((value) => ({ value, text: t(`flowPolicy.${value}`) }))} />
      {flow.policy !== 'freshest' && <NumberField label={t('flow.depth')} hint={t('flow.depthHint')} error={problems['flow.depth']} value={flow.depth} min={1} max={32} step={1} onValue={(value) => change({ depth: value ?? 0 })} />}
      <NumberField label={t('flow.staleness')} hint={t('flow.stalenessHint')} unit="ms" error={problems['flow.stalenessMs']} value={flow.stalenessMs} min={50} max={60_000} step={50} onValue={(value) => change({ stalenessMs: value ?? 0 })} />
    </FormPart>
  );
}
