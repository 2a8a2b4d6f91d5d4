import { Goal } from '@argus/contracts';

/** What people set out to find most often, to begin with and to be changed. */
export const GOAL_TEMPLATES = {
  people: Goal.parse({ labels: ['person'], leastPixels: 20, ratio: { value: 0.4, tolerance: 2 } }),
  vehicles: Goal.parse({ labels: ['car', 'truck', 'bus', 'motorcycle'], leastPixels: 32 }),
  stalls: Goal.parse({ labels: ['stall'], leastPixels: 48, light: 'any' }),
  litter: Goal.parse({ labels: ['litter'], leastPixels: 16, light: 'day' }),
  workwear: Goal.parse({ labels: ['helmet', 'no helmet', 'vest', 'no vest'], leastPixels: 24 }),
  night: Goal.parse({ labels: ['person'], leastPixels: 24, ratio: { value: 0.4, tolerance: 2 }, light: 'night' }),
} as const satisfies Readonly<Record<string, Goal>>;
export type GoalTemplate = keyof typeof GOAL_TEMPLATES;

/** Which of them a goal is, as it stands; undefined: one of somebody's own. */
export const goalLike = (goal: Goal): GoalTemplate | undefined => (Object.keys(GOAL_TEMPLATES) as GoalTemplate[]).find((name) => JSON.stringify(Goal.parse(GOAL_TEMPLATES[name])) === JSON.stringify(Goal.parse(goal)));
