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
import { TroubleList } from './trouble-list.js';

interface PreviewProps {
  readonly preview: UseQueryResult<HarvestPreview, Error>;
  /** Something in the form does not fit: the figures are of before. */
  readonly isStale: boolean;
  /** The days that are meant end with yesterday. */
  readonly endsYesterday: boolean;
  /** Figures of another kind of source are not shown. */
  readonly ofVideos: boolean;
}

const figuresOf = ({ preview: { data }, ofVideos }: PreviewProps): HarvestPreview | undefined => (data && (data.videos !== null) === ofVideos ? data : undefined);

/** What would be taken, and the names of its cameras; why it is nothing. */
export function PreviewPanel({ words, ...props }: PreviewProps & { words: string }) {
  const { t, locale } = useI18n();
  const { preview, isStale, endsYesterday } = props;
  const { error } = preview;
  const data = figuresOf(props);
  const nothing = data && nothingWhy(data, endsYesterday, t);
  return (
    <section aria-label={t('harvest.preview')} className="flex min-w-0 flex-col gap-4 rounded-m border border-line bg-surface p-4">
      <h2 className="m-0 text-l font-semibold">{t('harvest.preview')}</h2>
      <p className="m-0 text-m text-ink-2 [overflow-wrap:anywhere]" aria-live="polite">
        {words}
      </p>
      {error && <Notice tone="caution" title={t('harvest.noPreview')} lines={[refusalOf(error, locale) ? t('harvest.noPreviewField') : errorText(error, t, locale).detail]} />}
      {isStale && !error && <Notice tone="caution" title={t(data ? 'harvest.stale' : 'harvest.fillIn')} lines={[]} />}
      {!data && !isStale && !error && <p className="m-0 text-s text-ink-3">{t('harvest.counting')}</p>}
      {data && !error && (
        <div className={`flex min-w-0 flex-col gap-4 ${isStale ? 'opacity-50' : ''}`} aria-busy={preview.isFetching}>
          {nothing && <Notice tone="caution" title={t('harvest.nothing')} lines={nothing} />}
          {!nothing && <Facts rows={factsOf(data, t, locale)} />}
          {data.cameras > 0 && <Names title={t('harvest.cameraCount', { count: data.cameras })} label={t('harvest.matching')} count={data.cameras} names={data.cameraNames} />}
          {data.videos && <VideoFacts videos={data.videos} />}
          {!nothing && <p className="m-0 text-s text-ink-3">{t('harvest.previewWhat')}</p>}
        </div>
      )}
    </section>
  );
}

const factsOf = (data: HarvestPreview, t: Translate, locale: Locale): (readonly [string, string])[] => [
  ...(data.videos ? [[t('harvest.videos'), t('harvest.videoCount', { count: data.videos.files })] as const] : []),
  [t('harvest.footage'), hoursText(data.footageSeconds, t, locale)],
  [t('harvest.atMost'), t('harvest.pictureCount', { count: data.frames })],
  [t('harvest.space'), t('harvest.about', { value: formatBytes(data.bytes, locale) })],
  [t('harvest.takes'), data.minutes === null ? t('harvest.notMeasured') : t('harvest.about', { value: formatSpan(Math.max(data.minutes * 60_000, 1000), locale) })],
];

/** What was found out about files before any is read. */
function VideoFacts({ videos: { files, groups, groupNames, measured, tooSmall, unreadable, troubles } }: { videos: NonNullable<HarvestPreview['videos']> }) {
  const { t, locale } = useI18n();
  const lines = [
    ...(tooSmall > 0 ? [t('harvest.tooSmall', { count: tooSmall })] : []),
    ...(unreadable > 0 ? [t('harvest.noVideos', { count: unreadable })] : []),
    ...(measured > 0 && measured < files ? [t('harvest.reckoned', { measured: whole(measured, locale), files: whole(files, locale) })] : []),
  ];
  return (
    <>
      {lines.length > 0 && <Notice tone="caution" title={lines[0] as string} lines={lines.slice(1)} />}
      {troubles.length > 0 && (
        <section aria-label={t('harvest.noVideosWhich')} className="flex min-w-0 flex-col gap-2">
          <h3 className="m-0 text-m font-semibold">{t('harvest.noVideosWhich')}</h3>
          <TroubleList troubles={troubles} />
          {unreadable > troubles.length && <p className="m-0 text-s text-ink-3">{t('harvest.noVideosMore', { count: unreadable - troubles.length })}</p>}
        </section>
      )}
      {groups > 0 && <Names title={t('harvest.groupCount', { count: groups })} label={t('harvest.groups')} count={groups} names={groupNames} />}
    </>
  );
}

function Names({ title, label, count, names }: { title: string; label: string; count: number; names: readonly string[] }) {
  const { t } = useI18n();
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h3 className="m-0 text-m font-semibold">{title}</h3>
      <ul className="m-0 flex max-h-60 list-none flex-wrap content-start gap-1 overflow-auto p-0" aria-label={label}>
        {names.map((name, index) => (
          <li key={index} className="max-w-full rounded-full bg-raised px-2 py-px text-s clip">
            {name}
          </li>
        ))}
        {count > names.length && <li className="px-2 py-px text-s text-ink-3">{t('harvest.moreCameras', { count: count - names.length })}</li>}
      </ul>
    </div>
  );
}

/** On a narrow screen the figures stay in sight above the form, in one line. */
export function PreviewLine(props: PreviewProps) {
  const { t, locale } = useI18n();
  const { preview: { error }, isStale, endsYesterday } = props;
  const data = figuresOf(props);
  const nothing = data && nothingWhy(data, endsYesterday, t);
  const text = error ? t('harvest.noPreview') : !data ? t(isStale ? 'harvest.fillIn' : 'harvest.counting') : (nothing?.join(' ') ?? [data.videos ? t('harvest.videoCount', { count: data.videos.files }) : t('harvest.cameraCount', { count: data.cameras }), hoursText(data.footageSeconds, t, locale), t('harvest.upTo', { pictures: t('harvest.pictureCount', { count: data.frames }) }), formatBytes(data.bytes, locale)].join(' · '));
  return (
    <p aria-hidden className={`figures sticky top-0 z-10 m-0 border-b border-line px-4 py-2 text-s lg:hidden ${error || nothing || isStale ? 'bg-caution-soft text-caution' : 'bg-raised text-ink-2'}`}>
      {text}
    </p>
  );
}

function nothingWhy({ cameras, footageSeconds, frames, videos }: HarvestPreview, endsYesterday: boolean, t: Translate): readonly string[] | null {
  if (videos) return videos.files === 0 ? [t('harvest.why.videos')] : frames === 0 ? [t('harvest.why.noneFits')] : null;
  if (cameras === 0) return [t('harvest.why.cameras')];
  if (footageSeconds === 0) return [t('harvest.why.footage'), ...(endsYesterday ? [t('harvest.why.yesterday')] : [])];
  return frames === 0 ? [t('harvest.why.sampling')] : null;
}

const hoursText = (seconds: number, t: Translate, locale: Locale): string => (seconds < 3600 ? formatSpan(seconds * 1000, locale) : t('harvest.hoursOf', { hours: seconds < 36_000 ? decimal(seconds / 3600, locale) : whole(seconds / 3600, locale) }));
