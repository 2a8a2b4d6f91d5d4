import { Goal, GOAL_LIGHTS } from '@argus/contracts';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { ChipsField } from '../../ui/chips-field.js';
import { NumberField, SelectField } from '../../ui/field.js';
import { FormPart } from '../../ui/form-part.js';
import { GOAL_TEMPLATES, goalLike, type GoalTemplate } from './goal-templates.js';

interface GoalFieldsProps {
  readonly goal: Goal | null;
  /** That are known: of the set. */
  readonly labels: readonly string[];
  readonly errors: Readonly<Record<string, string>>;
  readonly onGoal: (goal: Goal | null) => void;
}

const NONE = 'none';
const OWN = 'own';
const DEFAULT_TOLERANCE = 2;

/** What is to be found with the set: it ranks its pictures, and decides which are chosen. */
export function GoalFields({ goal, labels, errors, onGoal }: GoalFieldsProps) {
  const { t, locale } = useI18n();
  const template = goal === null ? NONE : (goalLike(goal) ?? OWN);
  const choose = (value: string) => onGoal(value === NONE ? null : value === OWN ? (goal ?? Goal.parse({})) : GOAL_TEMPLATES[value as GoalTemplate]);
  const change = (part: Partial<Goal>) => goal && onGoal({ ...goal, ...part });
  const options = [{ value: NONE, text: t('goal.none') }, ...Object.keys(GOAL_TEMPLATES).map((value) => ({ value, text: t(`goal.template.${value as GoalTemplate}`) })), { value: OWN, text: t('goal.own') }];
  return (
    <FormPart title={t('goal.title')} hint={t('goal.hint')}>
      <SelectField label={t('goal.template')} value={template} onValue={choose} options={options} />
      {goal && (
        <>
          <ChipsField label={t('goal.labels')} hint={t('goal.labelsHint')} values={goal.labels} suggestions={labels} textOf={(label) => labelText(label, locale)} onValues={(values) => change({ labels: values })} />
          <div className="grid grid-cols-2 items-start gap-3">
            <NumberField label={t('goal.leastPixels')} unit={t('goal.pixels')} error={errors['goal.leastPixels']} min={1} max={8192} value={goal.leastPixels} onValue={(value) => change({ leastPixels: value ?? 1 })} />
            <NumberField label={t('goal.leastShare')} unit="%" error={errors['goal.leastShare']} min={0.1} max={100} step={0.5} value={goal.leastShare === null ? null : Math.round(goal.leastShare * 1000) / 10} onValue={(value) => change({ leastShare: value === null ? null : value / 100 })} />
            <NumberField label={t('goal.ratio')} hint={t('goal.ratioHint')} error={errors['goal.ratio.value']} min={0.01} max={100} step={0.05} value={goal.ratio?.value ?? null} onValue={(value) => change({ ratio: value === null ? null : { value, tolerance: goal.ratio?.tolerance ?? DEFAULT_TOLERANCE } })} />
            {goal.ratio && <NumberField label={t('goal.tolerance')} hint={t('goal.toleranceHint')} error={errors['goal.ratio.tolerance']} min={1.01} max={100} step={0.1} value={goal.ratio.tolerance} onValue={(value) => goal.ratio && change({ ratio: { ...goal.ratio, tolerance: value ?? DEFAULT_TOLERANCE } })} />}
          </div>
          <SelectField label={t('goal.light')} value={goal.light} onValue={(light) => change({ light: light as Goal['light'] })} options={GOAL_LIGHTS.map((value) => ({ value, text: t(`goal.light.${value}`) }))} />
        </>
      )}
    </FormPart>
  );
}
