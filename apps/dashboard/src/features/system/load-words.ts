import { PRIORITIES, type ComputeStats } from '@argus/contracts';
import { percent } from '../../i18n/format.js';
import type { Translate } from '../../i18n/i18n.js';
import type { Locale } from '../../i18n/locale.js';

type Load = NonNullable<ComputeStats['load']>;

/** What less than the whole is called less: rounding must not hide that somebody is cut, nor call a full share less. */
const WHOLE = 0.995;

/** Who gets less than they want, and what else is left out, in a sentence. */
export function loadSentence(load: Load, t: Translate, locale: Locale): string {
  if (load.shedding === 'none') return t('load.fine');
  const cut = PRIORITIES.toReversed().filter((priority) => (load.granted[priority] ?? 1) < WHOLE);
  const who = cut.map((priority) => t('load.gets', { priority: t(`priority.${priority}`), share: percent(load.granted[priority] ?? 1, locale) }));
  const what = who.length > 0 ? who.join(t('load.and')) : t('load.nobodyYet');
  return t(load.shedding === 'decode' ? 'load.overloadedDecode' : 'load.overloaded', { what });
}
