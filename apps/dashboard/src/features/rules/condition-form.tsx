import { CountCondition, LineCondition, ZoneCondition, type Camera, type ModelSummary, type RuleCondition } from '@argus/contracts';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { ChipsField } from '../../ui/chips-field.js';
import { NumberField, SelectField, SwitchField, TextField } from '../../ui/field.js';
import { DirectionPicture } from './direction-picture.js';

interface ConditionFormProps {
  readonly condition: RuleCondition;
  readonly cameras: readonly Camera[];
  readonly chosen: readonly string[] | null;
  readonly models: readonly ModelSummary[];
  /** Names that routes of the pipelines write. */
  readonly attributes: readonly string[];
  readonly problems: Readonly<Record<string, string>>;
  readonly onCondition: (condition: RuleCondition) => void;
}

/** The fields of one kind of condition; choices and limits are the contract's. */
export function ConditionForm({ condition, cameras, chosen, models, attributes, problems, onCondition }: ConditionFormProps) {
  const { t, locale } = useI18n();
  const problem = (field: string) => problems[`condition.${field}`];
  const seconds = (label: string, hint: string, value: number, field: 'holdSeconds' | 'seconds') => (
    <NumberField label={label} hint={hint} unit={t('ui.seconds')} error={problem(field)} value={value} min={0} step="any" onValue={(next) => onCondition({ ...condition, [field]: next ?? 0 } as RuleCondition)} />
  );
  const zone = <ZoneChoice condition={condition} cameras={cameras} chosen={chosen} error={problem('zone')} onCondition={onCondition} />;
  switch (condition.kind) {
    case 'zone':
      return (
        <>
          {zone}
          <SelectField
            label={t('rules.trigger')}
            value={condition.trigger}
            onValue={(trigger) => onCondition({ ...condition, trigger: trigger as typeof condition.trigger })}
            options={ZoneCondition.shape.trigger.options.map((value) => ({ value, text: t(`trigger.${value}`) }))}
          />
          {condition.trigger === 'inside' && seconds(t('rules.hold'), t('rules.holdInsideHint'), condition.holdSeconds, 'holdSeconds')}
        </>
      );
    case 'line':
      return (
        <>
          {zone}
          <SelectField
            label={t('rules.direction')}
            hint={t('rules.directionHint')}
            value={condition.direction}
            onValue={(direction) => onCondition({ ...condition, direction: direction as typeof condition.direction })}
            options={LineCondition.shape.direction.unwrap().options.map((value) => ({ value, text: t(`direction.${value}`) }))}
          />
          <DirectionPicture direction={condition.direction} />
        </>
      );
    case 'dwell':
      return (
        <>
          {zone}
          {seconds(t('rules.dwell'), t('rules.dwellHint'), condition.seconds, 'seconds')}
          <SwitchField label={t('rules.stationary')} hint={t('rules.stationaryHint')} checked={condition.stationary} onChecked={(stationary) => onCondition({ ...condition, stationary })} />
        </>
      );
    case 'count':
      return (
        <>
          {zone}
          <SelectField
            label={t('rules.comparison')}
            value={condition.comparison}
            onValue={(comparison) => onCondition({ ...condition, comparison: comparison as typeof condition.comparison })}
            options={CountCondition.shape.comparison.options.map((value) => ({ value, text: t(`comparison.${value}`) }))}
          />
          <NumberField label={t('rules.threshold')} error={problem('threshold')} value={condition.threshold} min={0} step={1} onValue={(threshold) => onCondition({ ...condition, threshold: threshold ?? 0 })} />
          {seconds(t('rules.hold'), t('rules.holdHint'), condition.holdSeconds, 'holdSeconds')}
        </>
      );
    case 'attribute':
      return (
        <>
          {zone}
          <TextField label={t('rules.attribute')} hint={t('rules.attributeHint')} error={problem('attribute')} value={condition.attribute} onValue={(attribute) => onCondition({ ...condition, attribute })} list="attribute-names" />
          <datalist id="attribute-names">
            {attributes.map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
          <ChipsField
            label={t('rules.values')}
            error={problem('values')}
            values={condition.values}
            suggestions={[...new Set(models.filter((model) => model.task === 'classify').flatMap((model) => model.labels))]}
            textOf={(value) => labelText(value, locale)}
            onValues={(values) => onCondition({ ...condition, values })}
          />
          <NumberField label={t('rules.minShare')} hint={t('rules.minShareHint')} error={problem('minScore')} value={condition.minScore} min={0} max={1} step={0.05} onValue={(minScore) => onCondition({ ...condition, minScore: minScore ?? 0 })} />
          {seconds(t('rules.hold'), t('rules.holdHint'), condition.holdSeconds, 'holdSeconds')}
        </>
      );
  }
}

type ZoneChoiceProps = Pick<ConditionFormProps, 'condition' | 'cameras' | 'chosen' | 'onCondition'> & { readonly error: string | undefined };

/** Zones that are drawn on the chosen cameras, of the kind that the condition needs. */
function ZoneChoice({ condition, cameras, chosen, error, onCondition }: ZoneChoiceProps) {
  const { t } = useI18n();
  const kind = condition.kind === 'line' ? 'line' : 'area';
  const optional = condition.kind !== 'zone' && condition.kind !== 'line';
  const drawn = cameras.filter((camera) => chosen === null || chosen.includes(camera.id)).flatMap((camera) => camera.zones.filter((zone) => zone.kind === kind).map((zone) => zone.name));
  const names = [...new Set([...drawn, ...(condition.zone ? [condition.zone] : [])])].sort();
  const count = (name: string) => drawn.filter((other) => other === name).length;
  return (
    <SelectField
      label={t(kind === 'line' ? 'rules.line' : 'rules.zone')}
      hint={names.length === 0 ? t(kind === 'line' ? 'rules.noLines' : 'rules.noZones') : undefined}
      error={error && t('rules.zoneWanted')}
      value={condition.zone ?? ''}
      onValue={(zone) => onCondition({ ...condition, zone: zone === '' && optional ? null : zone } as RuleCondition)}
      options={[{ value: '', text: t(optional ? 'rules.wholePicture' : 'rules.choose') }, ...names.map((name) => ({ value: name, text: t('rules.zoneOn', { name, count: count(name) }) }))]}
    />
  );
}
