import { Goal } from '@argus/contracts';
import { expect, it } from 'vitest';
import { GOAL_TEMPLATES, goalLike } from './goal-templates.js';

it('templates of goals are known again, and changed ones are one\'s own', () => {
  for (const [name, goal] of Object.entries(GOAL_TEMPLATES)) expect(goalLike(JSON.parse(JSON.stringify(goal)) as Goal)).toBe(name);
  expect(goalLike({ ...GOAL_TEMPLATES.people, light: 'day' })).toBeUndefined();
  expect(goalLike(Goal.parse({}))).toBeUndefined();
});
