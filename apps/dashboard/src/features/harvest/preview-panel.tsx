import type { HarvestPreview } from '@argus/contracts';
import type { UseQueryResult } from '@tanstack/react-query';
import { errorText } from '../../i18n/error-text.js';
import { decimal, formatBytes, formatSpan, whole } from '../../i18n/format.js';
import type { Translate } from '../../i18n/i18n.js';
import { useI18n } from '../../i18n/i18n.js';
import type { Locale } from '../../i18n/locale.js';
import { Facts } from '../../ui/facts.js';
import { Notice } from '../../ui/notice.js';
import { refusalOf } from './harvest-refusals.js';

interface PreviewProps {
  readonly preview: UseQueryResult<HarvestPreview, Error>;
  /** Something in the form does not fit: the figures are of before. */
  readonly isStale: boolean;
}

/** What would be taken, and the names of its cameras; why it is nothing. */
export function PreviewPanel({ preview, isStale, words }: PreviewProps & { words: string }) {
  const { t, locale } = useI18n();
  const { data, error, isPending } = preview;
  const nothing = data && nothingWhy(data, t);
  return (
    <section aria-label={t('harvest.preview')} className="flex min-w-0 flex-col gap-4 rounded-m border border-line bg-surface p-4">
      <h2 className="m-0 text-l font-semibold">{t('harvest.preview')}</h2>
      <p className="m-0 text-m text-ink-2 [overflow-wrap:anywhere]" aria-live="polite">
        {words}
      </p>
      {error && <Notice tone="caution" title={t('harvest.noPreview')} lines={[refusalOf(error) ? t('harvest.noPreviewField') : errorText(error, t).detail]} />}
      {isStale && !error && <Notice tone="caution" title={t('harvest.stale')} lines={[]} />}
      {isPending && !error && <p className="m-0 text-s text-ink-3">{t('harvest.counting')}</p>}
      {data && !error && (
        <div className={`flex min-w-0 flex-col gap-4 ${isStale ? 'opacity-50' : ''}`} aria-busy={preview.isFetching}>
          {nothing && <Notice tone="caution" title={t('harvest.nothing')} lines={[nothing]} />}
          <Facts rows={factsOf(data, t, locale)} />
          {data.cameras > 0 && <CameraNames preview={data} />}
          {!nothing && <p className="m-0 text-s text-ink-3">{t('harvest.previewWhat')}</p>}
        </div>
      )}
    </section>
  );
}

const factsOf = (data: HarvestPreview, t: Translate, locale: Locale): (readonly [string, string])[] => [
  [t('harvest.footage'), hoursText(data.footageSeconds, t, locale)],
  [t('harvest.atMost'), t('harvest.pictureCount', { count: data.frames })],
  [t('harvest.space'), t('harvest.about', { value: formatBytes(data.bytes, locale) })],
  [t('harvest.takes'), data.minutes === null ? t('harvest.notMeasured') : t('harvest.about', { value: formatSpan(Math.max(data.minutes * 60_000, 1000), locale) })],
];

function CameraNames({ preview: { cameras, cameraNames } }: { preview: HarvestPreview }) {
  const { t } = useI18n();
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h3 className="m-0 text-m font-semibold">{t('harvest.cameraCount', { count: cameras })}</h3>
      <ul className="m-0 flex max-h-60 list-none flex-wrap content-start gap-1 overflow-auto p-0" aria-label={t('harvest.matching')}>
        {cameraNames.map((name, index) => (
          <li key={index} className="max-w-full rounded-full bg-raised px-2 py-px text-s clip">
            {name}
          </li>
        ))}
        {cameras > cameraNames.length && <li className="px-2 py-px text-s text-ink-3">{t('harvest.moreCameras', { count: cameras - cameraNames.length })}</li>}
      </ul>
    </div>
  );
}

/** On a narrow screen the figures stay in sight above the form, in one line. */
export function PreviewLine({ preview, isStale }: PreviewProps) {
  const { t, locale } = useI18n();
  const { data, error } = preview;
  const nothing = data && nothingWhy(data, t);
  const text = error ? t('harvest.noPreview') : !data ? t('harvest.counting') : (nothing ?? [t('harvest.cameraCount', { count: data.cameras }), hoursText(data.footageSeconds, t, locale), t('harvest.upTo', { pictures: t('harvest.pictureCount', { count: data.frames }) }), formatBytes(data.bytes, locale)].join(' · '));
  return (
    <p aria-hidden className={`figures sticky top-0 z-10 m-0 border-b border-line px-4 py-2 text-s lg:hidden ${error || nothing || isStale ? 'bg-caution-soft text-caution' : 'bg-raised text-ink-2'}`}>
      {text}
    </p>
  );
}

function nothingWhy({ cameras, footageSeconds, frames }: HarvestPreview, t: Translate): string | null {
  if (cameras === 0) return t('harvest.why.cameras');
  if (footageSeconds === 0) return t('harvest.why.footage');
  return frames === 0 ? t('harvest.why.sampling') : null;
}

const hoursText = (seconds: number, t: Translate, locale: Locale): string => (seconds < 3600 ? formatSpan(seconds * 1000, locale) : t('harvest.hoursOf', { hours: seconds < 36_000 ? decimal(seconds / 3600, locale) : whole(seconds / 3600, locale) }));
