import type { HarvestRun } from '@argus/contracts';
import { decimal, formatSpan, whole } from '../../i18n/format.js';
import type { Translate } from '../../i18n/i18n.js';
import type { Locale } from '../../i18n/locale.js';
import type { Tone } from '../../ui/badge.js';

export const TONES: Readonly<Record<HarvestRun['state'], Tone>> = { queued: 'calm', running: 'busy', done: 'good', failed: 'alarm', cancelled: 'caution' };

/** How much of it is done; 0 while nobody knows how much it is. */
export const shareOf = ({ segments: { total, done, failed, rejected, underWay } }: HarvestRun): number => (total === 0 ? 0 : (done + failed + rejected + underWay) / total);

/** Nothing of it is in work: all workers are at something else, maybe at a longer run. */
const isWaiting = ({ state, segments: { done, failed, rejected, underWay } }: HarvestRun): boolean => state === 'queued' || (state === 'running' && done + failed + rejected + underWay === 0);

/** Pictures looked at in a second since it began; null: none yet. */
export function rateOf({ startedAt, samples, state }: HarvestRun, nowMs: number): number | null {
  const pictures = samples.added + samples.known + samples.near;
  const seconds = startedAt === null ? 0 : (nowMs - Date.parse(startedAt)) / 1000;
  return state === 'running' && pictures > 0 && seconds > 0 ? pictures / seconds : null;
}

/** `12 of 48 files · 340 pictures · 17 nearly the same`. */
export function countWords({ state, segments, samples: { added, known, near } }: HarvestRun, t: Translate, locale: Locale): string {
  if (state === 'done' && segments.total === 0) return t('harvest.noNews');
  return [
    t('harvest.files', { done: whole(segments.done + segments.failed + segments.rejected, locale), total: whole(segments.total, locale) }),
    t('harvest.added', { count: added }),
    ...(known > 0 ? [t('harvest.known', { count: whole(known, locale) })] : []),
    ...(near > 0 ? [t('harvest.near', { count: whole(near, locale) })] : []),
    ...(segments.rejected > 0 ? [t('harvest.tooSmall', { count: segments.rejected })] : []),
    ...(segments.failed > 0 ? [t('harvest.unreadable', { count: segments.failed })] : []),
  ].join(' · ');
}

/** The same, and how fast and how long it still goes. */
export function progressWords(run: HarvestRun, t: Translate, locale: Locale, nowMs: number): string {
  if (run.state === 'running' && run.segments.total === 0) return t('harvest.planning');
  if (isWaiting(run)) return t('harvest.waiting');
  const rate = rateOf(run, nowMs);
  return [
    countWords(run, t, locale),
    ...(rate === null ? [] : [t('harvest.rate', { rate: decimal(rate, locale, rate < 10 ? 1 : 0) })]),
    ...(run.secondsLeft === null ? [] : [t('exports.left', { span: formatSpan(run.secondsLeft * 1000, locale) })]),
  ].join(' · ');
}
