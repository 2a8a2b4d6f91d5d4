import type { RuleCondition, RuleSettings } from '@argus/contracts';
import { percent } from '../../i18n/format.js';
import type { Translate } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import type { Locale } from '../../i18n/locale.js';

/** The rule in one sentence, as a person would say it. */
export function ruleSummary(rule: RuleSettings, t: Translate, locale: Locale): string {
  const who = rule.labels.length > 0 ? rule.labels.map((label) => labelText(label, locale)).join(t('rules.or')) : t('rules.anything');
  const what = conditionText(rule.condition, who, t, locale);
  const where = rule.cameraIds === null ? t('rules.everyCamera') : t('rules.someCameras', { count: rule.cameraIds.length });
  const when = rule.schedule ? t('rules.onSchedule', { windows: rule.schedule.windows.map((window) => windowText(window, t)).join(t('rules.or')) }) : '';
  return t('rules.sentence', { what, where, when });
}

function conditionText(condition: RuleCondition, who: string, t: Translate, locale: Locale): string {
  const zone = condition.zone ? t('rules.inZone', { zone: condition.zone }) : t('rules.inPicture');
  switch (condition.kind) {
    case 'zone':
      return t(`rules.says.${condition.trigger}`, { who, zone: condition.zone || '…', seconds: condition.holdSeconds });
    case 'line':
      return t(`rules.says.${condition.direction}`, { who, zone: condition.zone || '…' });
    case 'dwell':
      return t(condition.stationary ? 'rules.says.still' : 'rules.says.dwell', { who, zone, seconds: condition.seconds });
    case 'count':
      return t(`rules.says.${condition.comparison}`, { who, zone, count: String(condition.threshold), seconds: condition.holdSeconds });
    case 'attribute': {
      const values = condition.values.map((value) => labelText(value, locale)).join(t('rules.or'));
      return t('rules.says.attribute', { who, zone, attribute: labelText(condition.attribute, locale), values, seconds: condition.holdSeconds, score: percent(condition.minScore, locale) });
    }
  }
}

export type ScheduleWindow = NonNullable<RuleSettings['schedule']>['windows'][number];

/** `Mo–Fr 22:00–06:00`. */
export const windowText = (window: ScheduleWindow, t: Translate): string => `${daysText(window.days, t)} ${window.from}–${window.to}`;

/** `every day`, `Mo–Fr`, `Sa Su`. */
export function daysText(chosen: readonly number[], t: Translate): string {
  const days = [...chosen].sort((a, b) => a - b);
  const first = days[0] ?? 1;
  const last = days.at(-1) ?? first;
  const run = days.length > 2 && last - first === days.length - 1;
  const name = (day: number) => t(`day.${day as 1 | 2 | 3 | 4 | 5 | 6 | 7}`);
  return days.length === 7 ? t('rules.everyDay') : run ? `${name(first)}–${name(last)}` : days.map(name).join(' ');
}
