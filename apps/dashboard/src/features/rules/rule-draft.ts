import { RuleSettings, type Rule, type RuleCondition } from '@argus/contracts';

export type ConditionKind = RuleCondition['kind'];

/** The commonest wish per kind, ready to be changed. Numbers come from the contract's own defaults. */
const CONDITIONS: Readonly<Record<ConditionKind, object>> = {
  zone: { kind: 'zone', zone: '?', trigger: 'enter' },
  line: { kind: 'line', zone: '?' },
  dwell: { kind: 'dwell', seconds: 30 },
  count: { kind: 'count', comparison: 'over', threshold: 5 },
  attribute: { kind: 'attribute', attribute: 'posture', values: ['lying'] },
};

/** A rule with every default of the contract filled in; the zone is left for the person to choose. */
export function startRule(kind: ConditionKind): RuleSettings {
  const rule = RuleSettings.parse({ name: '?', labels: ['person'], condition: CONDITIONS[kind] });
  return { ...rule, name: '', condition: blankZone(rule.condition) };
}

/** Another kind of condition; the chosen zone goes along where the new kind has one of its sort. */
export function changeKind(rule: RuleSettings, kind: ConditionKind): RuleSettings {
  const { condition } = startRule(kind);
  const stays = rule.condition.zone && (kind === 'line') === (rule.condition.kind === 'line');
  return { ...rule, condition: stays ? ({ ...condition, zone: rule.condition.zone } as RuleCondition) : condition };
}

export function settingsOf(rule: Rule): RuleSettings {
  const { id: _id, createdAt: _createdAt, updatedAt: _updatedAt, ...settings } = rule;
  return settings;
}

const blankZone = (condition: RuleCondition): RuleCondition => (condition.kind === 'zone' || condition.kind === 'line' ? { ...condition, zone: '' } : condition);
