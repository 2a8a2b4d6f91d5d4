import { formatClock, formatDay } from '../../../i18n/format.js';
import type { Translate } from '../../../i18n/i18n.js';
import type { Locale } from '../../../i18n/locale.js';
import type { MatrixColumn, MatrixStep } from './matrix-layout.js';

/** What a column is called: one line, or day and hour. */
export function columnWords({ at }: MatrixColumn, step: MatrixStep, timeZone: string, locale: Locale, t: Translate): string[] {
  if (at === null) return [t('matrix.untimed')];
  const day = formatDay(at, timeZone, locale);
  if (step === 'week') return [t('matrix.weekOf', { day })];
  return step === 'day' ? [day, weekday(at, timeZone, locale)] : [day, formatClock(at, timeZone, locale).slice(0, 5)];
}

const weekday = (at: string, timeZone: string, locale: Locale): string => new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone }).format(new Date(at));
