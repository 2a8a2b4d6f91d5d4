import type { Event, Route, Rule, TrackedObject } from '@argus/contracts';

/**
 * Whether the second stage has had its say about an object: `none` when nobody will, `pending` while it votes.
 * For a rule about an attribute that attribute's answer is all that counts: it made the event.
 */
export function secondStageOf(object: TrackedObject, rule: Rule, routes: readonly Route[]): 'none' | 'pending' | 'in' {
  if (rule.condition.kind === 'attribute') return 'in';
  const expected = routes.filter((route) => route.labels.includes(object.label));
  if (expected.length === 0) return 'none';
  return expected.every((route) => object.attributes[route.attribute]?.settled) ? 'in' : 'pending';
}

/** How an event may be confirmed now; null: wait. */
export function confirmationOf(stage: 'none' | 'pending' | 'in', openSeconds: number, rule: Rule): Event['confirmation'] {
  if (stage === 'in') return 'classified';
  if (stage === 'none' || rule.confirmDeadlineSeconds === 0) return 'not-required';
  return openSeconds >= rule.confirmDeadlineSeconds ? 'deadline' : null;
}
