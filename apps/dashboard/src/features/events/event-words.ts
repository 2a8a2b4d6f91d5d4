import type { EventView } from '@argus/contracts';
import type { TextKey } from '../../i18n/en.js';
import { percent } from '../../i18n/format.js';
import { useI18n, type Translate } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import type { Locale } from '../../i18n/locale.js';
import type { Tone } from '../../ui/badge.js';

/** Provisional waits for its second stage; confirmed is what counts; ended is over. */
export const STATE_TONES: Readonly<Record<EventView['state'], Tone>> = { provisional: 'busy', confirmed: 'caution', ended: 'calm' };

const DETAILS: Readonly<Record<string, TextKey>> = {
  'zone:enter': 'event.entered',
  'zone:exit': 'event.left',
  'zone:inside': 'event.inside',
  'line:left-to-right': 'event.crossedRight',
  'line:right-to-left': 'event.crossedLeft',
  'count:over': 'event.over',
  'count:under': 'event.under',
};
const KINDS: Readonly<Record<EventView['kind'], TextKey>> = { zone: 'event.inside', line: 'event.crossed', dwell: 'event.stayed', count: 'event.counted', attribute: 'event.attribute' };

/** What happened, in one line: `Person entered Gate`. */
export function eventTitle(event: EventView, t: Translate, locale: Locale): string {
  const label = event.label ? labelText(event.label, locale) : t('event.objects');
  const value = Object.values(event.attributes).map((attribute) => labelText(attribute.label, locale)).join(', ');
  const text = t(DETAILS[`${event.kind}:${event.detail}`] ?? KINDS[event.kind], {
    label,
    zone: event.zone ?? t('event.picture'),
    count: event.count ?? 0,
    value: value || (event.detail ?? ''),
  });
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1);
}

export function useEventWords(event: EventView): { what: string; state: string; sure: string } {
  const { t, locale } = useI18n();
  return { what: eventTitle(event, t, locale), state: t(`event.${event.state}`), sure: percent(event.score, locale) };
}
