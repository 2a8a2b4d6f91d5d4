import type { Export, ExportState } from '@argus/contracts';
import { formatBytes, formatSpan, percent } from '../../i18n/format.js';
import type { Translate } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import type { Locale } from '../../i18n/locale.js';
import type { Tone } from '../../ui/badge.js';

export const TONES: Readonly<Record<ExportState, Tone>> = { queued: 'calm', running: 'busy', done: 'good', failed: 'alarm', cancelled: 'caution' };

/** Names of the cameras, each once. */
export const cameraNames = ({ ranges }: Export): string => [...new Set(ranges.map(({ cameraName }) => cameraName))].join(', ');

/** From the first to the last moment that was asked for. */
export function askedRange({ ranges }: Export): { from: string; to: string } {
  const times = (part: 'from' | 'to') => ranges.map((range) => Date.parse(range[part]));
  return { from: new Date(Math.min(...times('from'))).toISOString(), to: new Date(Math.max(...times('to'))).toISOString() };
}

/** `42 % · 120 MB · 8 MB/s · 12 s left`. */
export function progressWords({ progress: { share, bytes, bytesPerSecond, secondsLeft } }: Export, t: Translate, locale: Locale): string {
  return [
    percent(share, locale),
    formatBytes(bytes, locale),
    ...(bytesPerSecond === null ? [] : [t('exports.rate', { rate: formatBytes(bytesPerSecond, locale) })]),
    ...(secondsLeft === null ? [] : [t('exports.left', { span: formatSpan(secondsLeft * 1000, locale) })]),
  ].join(' · ');
}

/** How the pictures are handed out. */
export function howWords({ options: { trim, boxes, blur, original }, files }: Export, t: Translate, locale: Locale): string {
  const labels = blur.map(({ label, part }) => (part === 'head' ? `${labelText(label, locale)} (${t('exports.headsOnly')})` : labelText(label, locale)));
  const parts = [...(boxes ? [t('exports.withBoxes')] : []), ...(labels.length > 0 ? [t('exports.withBlur', { labels: labels.join(', ') })] : []), ...(files.some(({ masked }) => masked) ? [t('exports.withMasks')] : []), ...(original ? [t('exports.asOriginal')] : [])];
  return parts.length > 0 ? parts.join(' · ') : t(`exports.trim.${trim}`);
}
