import type { PipelineSettings } from '@argus/contracts';
import { useI18n } from '../../i18n/i18n.js';
import { NumberField, SwitchField } from '../../ui/field.js';
import type { DraftFields } from './draft-fields.js';

/** The motion gate: what saves most of the computing. */
export function GateFields({ draft, problems, readOnly, onDraft }: DraftFields) {
  const { t } = useI18n();
  const change = (part: Partial<PipelineSettings['gate']>) => onDraft({ ...draft, gate: { ...draft.gate, ...part } });
  return (
    <section aria-label={t('pipelines.gate')} className="flex flex-col gap-3">
      <SwitchField label={t('pipelines.gate')} hint={t('pipelines.gateHint')} checked={draft.gate.enabled} onChecked={(enabled) => change({ enabled })} disabled={readOnly} />
      {draft.gate.enabled && (
        <>
          <NumberField label={t('pipelines.threshold')} hint={t('pipelines.thresholdHint')} error={problems['gate.threshold']} value={draft.gate.threshold} min={0} max={1} step={0.0001} onValue={(value) => change({ threshold: value ?? 0 })} />
          <NumberField label={t('pipelines.still')} unit={t('ui.seconds')} error={problems['gate.stillIntervalSeconds']} value={draft.gate.stillIntervalSeconds} min={0.2} step="any" onValue={(value) => change({ stillIntervalSeconds: value ?? 0 })} />
          <NumberField label={t('pipelines.hold')} unit={t('ui.seconds')} error={problems['gate.holdSeconds']} value={draft.gate.holdSeconds} min={0} step="any" onValue={(value) => change({ holdSeconds: value ?? 0 })} />
        </>
      )}
    </section>
  );
}
