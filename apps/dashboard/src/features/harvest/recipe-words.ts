import type { CameraSelector, HarvestCalendar, HarvestRecipe, HarvestSampling, NamePattern, VideoSource } from '@argus/contracts';
import { whole } from '../../i18n/format.js';
import type { Translate } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import type { Locale } from '../../i18n/locale.js';
import { daysText } from '../rules/rule-summary.js';

/** `cameras whose name contains 街道 · 19:00–21:00 · last 30 days · every 25th picture`. */
export function recipeWords(recipe: HarvestRecipe, t: Translate, locale: Locale): string {
  const { source, size, quotaPerCamera, dropNearDuplicates, masked } = recipe;
  const ofVideos = source.kind !== 'cameras';
  return [
    ...(source.kind === 'cameras' ? [...cameraWords(recipe.cameras, t), ...calendarWords(recipe.calendar, t)] : videoWords(source, t)),
    samplingWords(recipe.sampling, t, locale),
    ...(size.kind === 'fit' ? [t('harvest.says.fit', { width: String(size.width), height: String(size.height) })] : []),
    ...(quotaPerCamera === null ? [] : [t(ofVideos ? 'harvest.says.quotaGroup' : 'harvest.says.quota', { count: whole(quotaPerCamera, locale) })]),
    ...(dropNearDuplicates ? [] : [t('harvest.says.near')]),
    ...(masked || ofVideos ? [] : [t('harvest.says.originals')]),
  ].join(' · ');
}

/** `contains 街道`, `fits Gate-*`, `matches /^a/`. */
export const patternText = ({ kind, pattern }: NamePattern, t: Translate): string => t(`harvest.says.${kind}`, { pattern });

export function cameraWords({ include, exclude, tags }: CameraSelector, t: Translate): string[] {
  const names = (patterns: readonly NamePattern[]) => patterns.map((pattern) => patternText(pattern, t)).join(t('rules.or'));
  return [
    include.length === 0 ? t('harvest.says.everyCamera') : t('harvest.says.cameras', { names: names(include) }),
    ...(exclude.length === 0 ? [] : [t('harvest.says.except', { names: names(exclude) })]),
    ...(tags.length === 0 ? [] : [t('harvest.says.tags', { tags: tags.join(t('rules.or')) })]),
  ];
}

export function videoWords(source: VideoSource, t: Translate): string[] {
  const { include, exclude, grouping, least } = source;
  const names = (patterns: readonly NamePattern[]) => patterns.map((pattern) => patternText(pattern, t)).join(t('rules.or'));
  return [
    source.kind === 'folder' ? t('harvest.says.folder', { path: source.path }) : t('harvest.says.uploads', { count: source.uploadIds.length }),
    ...(include.length === 0 ? [] : [t('harvest.says.files', { names: names(include) })]),
    ...(exclude.length === 0 ? [] : [t('harvest.says.except', { names: names(exclude) })]),
    ...(grouping === 'folder' ? [] : [t('harvest.says.prefix')]),
    ...(least === null ? [] : [t('harvest.says.least', { width: String(least.width), height: String(least.height) })]),
  ];
}

export function calendarWords({ dates, weekdays, windows, timeZone }: HarvestCalendar, t: Translate): string[] {
  const days = dates.kind === 'last' ? t('harvest.says.last', { count: dates.days }) : dates.kind === 'range' ? t('harvest.says.range', { from: dates.from, to: dates.to }) : t('harvest.says.all');
  return [
    windows.length === 0 ? t('harvest.says.allDay') : windows.map(({ from, to }) => `${from}–${to}`).join(', '),
    ...(weekdays.length === 7 ? [] : [daysText(weekdays, t)]),
    days,
    ...(timeZone === null ? [] : [t('harvest.says.zone', { zone: timeZone })]),
  ];
}

export function samplingWords(sampling: HarvestSampling, t: Translate, locale: Locale): string {
  const { kind, every } = sampling;
  const seconds = String(every);
  if (kind === 'frames') return every === 1 ? t('harvest.says.eachPicture') : t('harvest.says.frames', { nth: ordinal(every, locale) });
  if (kind === 'keyframes') return every === 0 ? t('harvest.says.eachKeyframe') : t('harvest.says.keyframes', { seconds });
  if (kind === 'scenes') return every === 0 ? t('harvest.says.scenes') : t('harvest.says.scenesSpaced', { seconds });
  if (kind === 'seconds' || kind === 'motion') return t(`harvest.says.${kind}`, { seconds });
  const labels = sampling.labels.map((label) => labelText(label, locale)).join(t('rules.or'));
  const doubts = kind === 'objects' ? [...(sampling.maxScore < 1 ? [t('harvest.says.unsure', { score: String(sampling.maxScore) })] : []), ...(sampling.disagreement ? [t('harvest.says.split')] : [])] : [];
  return [t(`harvest.says.${kind}`, { labels: labels || t(kind === 'objects' ? 'harvest.says.anyObject' : 'harvest.says.anyKind'), seconds }), ...doubts].join(', ');
}

const ENDINGS: Readonly<Record<string, string>> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };

/** `25th`; in Chinese the figure itself. */
function ordinal(value: number, locale: Locale): string {
  const figure = whole(value, locale);
  return locale === 'en' ? `${figure}${ENDINGS[new Intl.PluralRules('en', { type: 'ordinal' }).select(value)] ?? 'th'}` : figure;
}
