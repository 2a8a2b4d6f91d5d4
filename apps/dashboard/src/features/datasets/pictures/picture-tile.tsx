import type { DatasetId, SampleSummary } from '@argus/contracts';
import { Check, CircleCheckBig, Star, Tag } from 'lucide-react';
import { memo, useEffect, useRef, useState } from 'react';
import { client } from '../../../app/client.js';
import { formatDateTime } from '../../../i18n/format.js';
import { useI18n } from '../../../i18n/i18n.js';
import type { Pace } from '../use-pace.js';

export const thumbnailOf = (id: DatasetId, sha256: string): string => client.url('getSamplePicture', { params: { id, sha256 }, query: { size: 'thumbnail' } });

interface PictureTileProps {
  readonly datasetId: DatasetId;
  readonly digest: string;
  readonly index: number;
  readonly count: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly isPicked: boolean;
  readonly isFocus: boolean;
  readonly pace: Pace;
  readonly summary: SampleSummary | undefined;
  /** How well it answers a search. */
  readonly score: number | undefined;
}

/** One picture in the grid: what it is can be seen before anything else of it is known. Clicks are the grid's. */
export const PictureTile = memo(function PictureTile({ datasetId, digest, index, count, left, top, width, height, isPicked, isFocus, pace, summary, score }: PictureTileProps) {
  const { t, locale } = useI18n();
  // What was written stays; on what comes by it is written once it can be read.
  const [isMarked, setMarked] = useState(pace === 'still');
  if (pace === 'still' && !isMarked) setMarked(true);
  const at = summary?.origin?.wallTime;
  const time = at ? formatDateTime(at, summary.origin?.timeZone ?? 'UTC', locale, Date.now()) : null;
  const name = time ?? summary?.name ?? digest.slice(0, 8);
  return (
    <div
      id={`picture-${index}`}
      role="option"
      aria-selected={isPicked}
      aria-label={name}
      aria-setsize={count}
      aria-posinset={index + 1}
      className={`group absolute top-0 left-0 contain-strict overflow-hidden rounded-s bg-video ${isPicked ? 'outline-3 outline-accent' : isFocus ? 'outline-2 outline-ink-3 group-focus-visible/grid:outline-accent' : ''}`}
      style={{ transform: `translate(${left}px, ${top}px)`, width, height }}
    >
      <Thumbnail src={thumbnailOf(datasetId, digest)} isFlying={pace === 'flying'} />
      {isPicked && <span aria-hidden className="absolute inset-0 bg-accent opacity-20" />}
      {(isMarked || isPicked) && (
        <span data-pick title={t('pictures.pick', { name })} className={`absolute top-1 left-1 grid size-6 place-items-center rounded-full border ${isPicked ? 'border-transparent bg-accent-fill text-on-accent' : 'border-video-ink bg-video-veil text-transparent opacity-0 group-hover:opacity-100 pointer-coarse:opacity-80'}`}>
          <Check aria-hidden size={14} />
        </span>
      )}
      {score !== undefined && isMarked && (
        <span className="figures pointer-events-none absolute top-1 right-1 rounded-s bg-video-veil px-1 text-s text-video-ink group-hover:opacity-0" title={t('search.score')}>
          {score.toFixed(2)}
        </span>
      )}
      {summary && isMarked && <Marks summary={summary} time={time} isSmall={width < SMALL_PX} />}
    </div>
  );
});

/** Narrower than this there is no room for every mark. */
const SMALL_PX = 140;

function Marks({ summary: { split, complete, focus, annotationCount }, time, isSmall }: { summary: SampleSummary; time: string | null; isSmall: boolean }) {
  const { t } = useI18n();
  return (
    <>
      {time && <span className="figures pointer-events-none absolute top-1 right-1 max-w-[calc(100%-2.5rem)] clip rounded-s bg-video-veil px-1 text-s text-video-ink opacity-0 group-hover:opacity-100 max-sm:hidden">{time}</span>}
      {(split !== null || complete || focus || annotationCount > 0) && (
        <span className="figures pointer-events-none absolute inset-x-1 bottom-1 flex items-center gap-1 text-s text-video-ink">
          {split && <span className="shrink-0 rounded-s bg-video-veil px-1">{t(`split.${split}`)}</span>}
          {focus && (
            <span className="rounded-s bg-video-veil p-px" title={t('pictures.flag.focus')}>
              <Star aria-label={t('pictures.flag.focus')} size={14} />
            </span>
          )}
          {complete && (
            <span className="rounded-s bg-video-veil p-px" title={t('pictures.flag.complete')}>
              <CircleCheckBig aria-label={t('pictures.flag.complete')} size={14} />
            </span>
          )}
          {annotationCount > 0 && !(isSmall && split) && (
            <span className="ml-auto inline-flex shrink-0 items-center gap-px rounded-s bg-video-veil px-1" title={t('pictures.annotated', { count: annotationCount })}>
              <Tag aria-hidden size={12} /> {annotationCount}
            </span>
          )}
        </span>
      )}
    </>
  );
}

function Thumbnail({ src, isFlying }: { src: string; isFlying: boolean }) {
  const [wanted, setWanted] = useState(!isFlying);
  const image = useRef<HTMLImageElement>(null);
  if (!isFlying && !wanted) setWanted(true);
  useEffect(() => {
    const element = image.current;
    // A request for a picture that has scrolled away is in the way of those that are seen.
    return () => element?.removeAttribute('src');
  }, []);
  if (!wanted) return null;
  return <img ref={image} src={src} alt="" decoding="async" draggable={false} className="block size-full object-contain" />;
}
