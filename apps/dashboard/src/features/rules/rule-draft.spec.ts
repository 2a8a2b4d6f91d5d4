import { EVENT_KINDS, RuleSettings } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { translator } from '../../i18n/i18n.js';
import { changeKind, startRule } from './rule-draft.js';
import { ruleSummary } from './rule-summary.js';

describe('startRule', () => {
  it.each(EVENT_KINDS)('%s needs at most a name and a zone to be valid', (kind) => {
    const rule = startRule(kind);
    const filled = { ...rule, name: 'x', condition: { ...rule.condition, zone: rule.condition.zone === '' ? 'gate' : rule.condition.zone } };
    expect(RuleSettings.safeParse(rule).success).toBe(false);
    expect(RuleSettings.safeParse(filled).success).toBe(true);
  });
});

it('keeps the zone when the kind changes, unless a line becomes an area', () => {
  const gate = { ...startRule('zone'), condition: { ...startRule('zone').condition, zone: 'gate' } } as RuleSettings;
  expect(changeKind(gate, 'dwell').condition.zone).toBe('gate');
  expect(changeKind(gate, 'line').condition.zone).toBe('');
});

describe('ruleSummary', () => {
  const rule = { ...startRule('dwell'), condition: { kind: 'dwell', zone: 'Gate', seconds: 30, stationary: false } } as RuleSettings;
  it('says the rule in a sentence, in both languages', () => {
    expect(ruleSummary(rule, translator('en'), 'en')).toBe('When person stays in “Gate” for 30 s, on every camera.');
    expect(ruleSummary(rule, translator('zh'), 'zh')).toBe('当 人 在“Gate”内停留 30 秒时，适用于所有摄像机。');
  });
});
