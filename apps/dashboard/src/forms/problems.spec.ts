import { RuleSettings } from '@argus/contracts';
import { expect, it } from 'vitest';
import { problemsOf } from './problems.js';

it('names the bad fields of a form by path and by their first part', () => {
  const problems = problemsOf(RuleSettings, { name: ' ', condition: { kind: 'dwell', seconds: 0 } });
  expect(Object.keys(problems).sort()).toEqual(['condition', 'condition.seconds', 'name']);
  expect(problemsOf(RuleSettings, { name: 'x', condition: { kind: 'dwell', seconds: 5 } })).toEqual({});
});
