import type { ShownObject } from './player/overlay-timeline.js';

/** `person · upright 0.93`, or `person 0.81` while the second stage has not spoken; without figures where room is short. */
export function chipText(object: Pick<ShownObject, 'label' | 'score' | 'attributes'>, textOf: (label: string) => string, short: boolean): string {
  const figure = (score: number) => (short ? '' : ` ${score.toFixed(2)}`);
  if (object.attributes.length === 0) return `${textOf(object.label)}${figure(object.score)}`;
  const all = object.attributes.map((one) => `${textOf(one.label)}${figure(one.score)}`);
  return [textOf(object.label), ...all].join(' · ');
}
