import type { ComputeDevice, DeviceId, ModelId, ModelRunStats, ModelSummary, ModelTuning } from '@argus/contracts';
import { Plus, Trash2 } from 'lucide-react';
import { useI18n } from '../../../i18n/i18n.js';
import { Button, IconButton } from '../../../ui/button.js';
import { NumberField, SelectField } from '../../../ui/field.js';
import { deviceChoices, newModelTuning } from './tuning-draft.js';
import type { TuningFields } from './tuning-fields.js';

interface ModelPlacementProps extends TuningFields {
  readonly models: readonly ModelSummary[];
  readonly devices: readonly ComputeDevice[];
  readonly runs: readonly ModelRunStats[];
}

/** Which model runs where and how; a model without a line is placed by the engine. */
export function ModelPlacement({ draft, problems, readOnly, onDraft, models, devices, runs }: ModelPlacementProps) {
  const { t } = useI18n();
  const set = (lines: ModelTuning[]) => onDraft({ ...draft, models: lines });
  const choices = deviceChoices(devices, draft);
  return (
    <div className="flex flex-col gap-3">
      {draft.models.length === 0 && <p className="m-0 text-ink-2">{t('tuning.noLines')}</p>}
      {draft.models.map((line, index) => (
        <PlacementLine
          key={index}
          number={index + 1}
          line={line}
          problemOf={(field) => problems[`models.${index}.${field}`]}
          models={models}
          devices={choices}
          onLine={(next) => set(draft.models.with(index, next))}
          onRemove={() => set(draft.models.toSpliced(index, 1))}
        />
      ))}
      {!readOnly && (
        <div>
          <Button icon={Plus} onClick={() => set([...draft.models, newModelTuning(draft.models, runs, models.map((model) => model.id))])}>
            {t('tuning.addLine')}
          </Button>
        </div>
      )}
    </div>
  );
}

interface PlacementLineProps {
  readonly number: number;
  readonly line: ModelTuning;
  readonly problemOf: (field: keyof ModelTuning) => string | undefined;
  readonly models: readonly ModelSummary[];
  readonly devices: readonly DeviceId[];
  readonly onLine: (line: ModelTuning) => void;
  readonly onRemove: () => void;
}

function PlacementLine({ number, line, problemOf, models, devices, onLine, onRemove }: PlacementLineProps) {
  const { t } = useI18n();
  const gone = models.some((model) => model.id === line.model) ? [] : [{ value: line.model as string, text: line.model || t('rules.choose') }];
  const figure = (field: 'replicas' | 'threads' | 'batch' | 'waitMs', max: number, unit?: string) => (
    <NumberField label={t(`tuning.${field}`)} error={problemOf(field)} value={line[field]} min={field === 'waitMs' ? 0 : 1} max={max} step={field === 'waitMs' ? 'any' : 1} onValue={(value) => onLine({ ...line, [field]: value ?? 0 })} {...(unit ? { unit } : {})} />
  );
  return (
    <div role="group" aria-label={t('tuning.line', { number })} className="grid grid-cols-2 items-start gap-3 rounded-m border border-line p-3 md:grid-cols-[minmax(0,2fr)_minmax(0,1fr)_repeat(4,minmax(0,1fr))_auto]">
      <div className="max-md:col-span-2">
        <SelectField label={t('system.head.model')} error={problemOf('model')} value={line.model} onValue={(model) => onLine({ ...line, model: model as ModelId })} options={[...gone, ...models.map((model) => ({ value: model.id, text: model.id }))]} />
      </div>
      <div className="max-md:col-span-2">
        <SelectField label={t('system.head.device')} error={problemOf('device')} value={line.device} onValue={(device) => onLine({ ...line, device: device as DeviceId })} options={devices.map((id) => ({ value: id, text: id }))} />
      </div>
      {figure('replicas', 64)}
      {figure('threads', 64)}
      {figure('batch', 64)}
      {figure('waitMs', 1000, 'ms')}
      <div className="max-md:col-span-2 max-md:justify-self-end md:pt-5">
        <IconButton icon={Trash2} label={t('ui.remove', { name: t('tuning.line', { number }) })} onClick={onRemove} />
      </div>
    </div>
  );
}
