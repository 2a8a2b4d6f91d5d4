import type { Camera } from '@argus/contracts';
import { Camera as CameraIcon, EyeOff, Hourglass, LoaderCircle, Maximize2, Minimize2, SkipForward, type LucideIcon } from 'lucide-react';
import { memo, useEffect, useRef, useState, type ReactNode, type RefObject } from 'react';
import { Link } from 'react-router';
import { useCan } from '../../app/account.js';
import { errorText } from '../../i18n/error-text.js';
import { formatClock, formatDateTime, formatUtc } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { ToneIcon } from '../../ui/badge.js';
import type { Gap, KnownFootage } from './footage-spans.js';
import { UnplayableError } from './player/footage-buffer.js';
import type { FootageStatus } from './player/footage-player.js';
import type { FootageStage } from './player/footage-stage.js';
import { snapshotName } from './snapshot-name.js';
import { useFootagePlayer } from './use-footage-player.js';

interface FootageTileProps {
  readonly camera: Camera;
  readonly stage: FootageStage;
  readonly known: KnownFootage | undefined;
  readonly boxes: boolean;
  /** It fills the page. */
  readonly alone: boolean;
  /** null: there is nothing to enlarge. */
  readonly onAlone: ((cameraId: string) => void) | null;
  readonly onNextFootage: (() => void) | null;
  /** Drawn above the film. */
  readonly over?: (video: RefObject<HTMLVideoElement | null>, shownMs: () => number | null) => ReactNode;
}

const TILE_BUTTON = 'pointer-events-auto grid size-7 shrink-0 place-items-center rounded-s hover:bg-video';

/** One camera's past: its picture, when that was taken, and words where there is none. */
export const FootageTile = memo(function FootageTile({ camera, stage, known, boxes, alone, onAlone, onNextFootage, over }: FootageTileProps) {
  const { t } = useI18n();
  const video = useRef<HTMLVideoElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const { status, shownMs } = useFootagePlayer({ video, canvas }, { cameraId: camera.id, stage, known, boxes });
  const hasPicture = status.phase !== 'gap' && status.phase !== 'failed';
  const snapshot = () => {
    const ms = shownMs();
    if (video.current && ms !== null) saveFrame(video.current, snapshotName(camera.name, ms, camera.timeZone));
  };
  return (
    <figure tabIndex={0} data-tile aria-label={camera.name} onDoubleClick={() => onAlone?.(camera.id)} className="group relative m-0 min-h-0 min-w-0 overflow-hidden bg-video text-video-ink focus-visible:z-10 focus-visible:-outline-offset-2">
      <video ref={video} muted playsInline disablePictureInPicture aria-label={t('timeline.footageOf', { name: camera.name })} data-testid="footage" data-camera={camera.id} data-phase={status.phase} className={`absolute inset-0 size-full object-contain ${hasPicture ? '' : 'invisible'}`} />
      <canvas ref={canvas} aria-hidden data-testid="footage-boxes" data-boxes="0" className={`pointer-events-none absolute inset-0 size-full ${hasPicture ? '' : 'invisible'}`} />
      {hasPicture && over?.(video, shownMs)}
      {(status.phase === 'loading' || status.phase === 'edge') && <LoadingMark text={t(status.phase === 'edge' ? 'timeline.edge' : 'timeline.loading')} />}
      {status.phase === 'gap' && <GapNote camera={camera} gap={status.gap} onNextFootage={onNextFootage} />}
      {status.phase === 'failed' && <FailureNote status={status} />}
      <figcaption className="pointer-events-none absolute inset-x-0 top-0 flex items-start justify-between gap-2 text-s">
        <span className="flex min-w-0 items-center gap-2 rounded-br-m bg-video-veil px-2 py-1">
          <span className="clip font-semibold">{camera.name}</span>
          <ShownClock shownMs={shownMs} zone={camera.timeZone} />
        </span>
        <span className="flex rounded-bl-m bg-video-veil opacity-0 transition-opacity group-focus-within:opacity-100 group-hover:opacity-100 group-focus:opacity-100 pointer-coarse:opacity-100">
          {hasPicture && (
            <button type="button" data-snapshot aria-label={t('timeline.snapshotOf', { name: camera.name })} title={t('timeline.snapshot')} onClick={snapshot} className={TILE_BUTTON}>
              <CameraIcon aria-hidden size={16} />
            </button>
          )}
          {onAlone && (
            <button type="button" aria-label={t(alone ? 'timeline.leaveAlone' : 'timeline.alone', { name: camera.name })} title={t(alone ? 'timeline.leaveAloneShort' : 'timeline.aloneShort')} onClick={() => onAlone(camera.id)} className={TILE_BUTTON}>
              {alone ? <Minimize2 aria-hidden size={16} /> : <Maximize2 aria-hidden size={16} />}
            </button>
          )}
        </span>
      </figcaption>
    </figure>
  );
});

/** Said only after a moment: most pictures are there before. */
function LoadingMark({ text }: { text: string }) {
  return (
    <p role="status" className="pointer-events-none absolute bottom-2 left-2 m-0 flex animate-[appear_0ms_400ms_both] items-center gap-2 rounded-m bg-video-veil px-2 py-1 text-s">
      <LoaderCircle aria-hidden size={14} className="animate-spin" />
      {text}
    </p>
  );
}

function GapNote({ camera, gap, onNextFootage }: { camera: Camera; gap: Gap; onNextFootage: (() => void) | null }) {
  const { t } = useI18n();
  const can = useCan();
  const off = camera.recording.mode === 'off';
  return (
    <div className="absolute inset-0 grid place-content-center justify-items-center gap-1 overflow-hidden px-4 pt-8 pb-2 text-center text-m">
      <p className="m-0 font-semibold">{t('timeline.gap')}</p>
      <p className="figures m-0 text-s">{useGapWords(gap, camera.timeZone)}</p>
      {off && <p className="m-0 text-s">{t('timeline.off')}</p>}
      <span className="mt-1 flex flex-wrap justify-center gap-2">
        {off && can('camera.write') && (
          <Link to={`/cameras/${camera.id}`} className="flex min-h-8 items-center rounded-m border border-video-ink px-3 text-s text-video-ink no-underline hover:bg-video-veil">
            {t('timeline.turnOn')}
          </Link>
        )}
        {onNextFootage && gap.toMs !== null && (
          <button type="button" onClick={onNextFootage} className="flex min-h-8 items-center gap-2 rounded-m border border-video-ink px-3 text-s hover:bg-video-veil">
            <SkipForward aria-hidden size={14} />
            {t('timeline.toNextFootage')}
          </button>
        )}
      </span>
    </div>
  );
}

/** `from .. to ..`; with the day where the two are not on one. */
function useGapWords({ fromMs, toMs }: Gap, zone: string): string {
  const { t, locale } = useI18n();
  const far = fromMs === null || toMs === null || toMs - fromMs > 43_200_000;
  const word = (ms: number) => (far ? formatDateTime(new Date(ms).toISOString(), zone, locale, Date.now()) : formatClock(new Date(ms).toISOString(), zone, locale));
  if (fromMs !== null && toMs !== null) return t('timeline.gapBetween', { from: word(fromMs), to: word(toMs) });
  if (fromMs !== null) return t('timeline.gapAfter', { from: word(fromMs) });
  if (toMs !== null) return t('timeline.gapBefore', { to: word(toMs) });
  return t('timeline.gapHere');
}

const CODECS = [
  [/avc[13]/, 'H.264'],
  [/hvc1|hev1/, 'H.265'],
  [/jpeg|mp4v\.6c/i, 'motion JPEG'],
] as const;

/** In the words of a camera's data sheet. */
const codecName = (contentType: string): string => CODECS.find(([pattern]) => pattern.test(contentType))?.[1] ?? contentType;

function FailureNote({ status }: { status: Extract<FootageStatus, { phase: 'failed' }> }) {
  const { t, locale } = useI18n();
  const { title, detail, code } = errorText(status.error, t, locale);
  const contentType = status.error instanceof UnplayableError ? status.error.contentType : null;
  if (code === 'footage.masked') return <QuietNote icon={EyeOff} title={t('timeline.masked')} lines={[t('timeline.maskedWhy'), t('timeline.maskedAsk')]} />;
  if (code === 'footage.masking-busy') return <QuietNote icon={Hourglass} title={t('timeline.maskingBusy')} lines={[t('timeline.maskingBusyWhy')]} />;
  return (
    <div role="alert" className="absolute inset-0 grid place-content-center justify-items-center gap-1 overflow-hidden px-4 pt-8 pb-2 text-center">
      <ToneIcon tone="alarm" size={20} />
      <p className="m-0 text-m font-semibold">{contentType === null ? (title ?? t('timeline.failed')) : t('timeline.unplayable')}</p>
      <p className="m-0 line-clamp-3 max-w-100 text-s">{contentType === null ? detail : t('timeline.unplayableWhy', { codec: codecName(contentType) })}</p>
      {contentType === null && <code className="font-mono text-s">{code}</code>}
    </div>
  );
}

/** Nothing is broken: the picture is not for everybody, or not yet. */
function QuietNote({ icon: Icon, title, lines }: { icon: LucideIcon; title: string; lines: readonly string[] }) {
  return (
    <div role="status" className="absolute inset-0 grid place-content-center justify-items-center gap-1 overflow-hidden px-4 pt-8 pb-2 text-center">
      <Icon aria-hidden size={20} />
      <p className="m-0 text-m font-semibold">{title}</p>
      {lines.map((line) => (
        <p key={line} className="m-0 max-w-100 text-s">
          {line}
        </p>
      ))}
    </div>
  );
}

/** When the picture on screen was taken, whatever the clock of the page says. */
function ShownClock({ shownMs, zone }: { shownMs: () => number | null; zone: string }) {
  const { locale } = useI18n();
  const [ms, setMs] = useState<number | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setMs(shownMs()), 200);
    return () => clearInterval(timer);
  }, [shownMs]);
  if (ms === null) return null;
  const at = new Date(ms).toISOString();
  return (
    <time dateTime={at} title={`${formatUtc(at)} · ${zone}`} className="figures whitespace-nowrap">
      {formatClock(at, zone, locale)}
    </time>
  );
}

/** The picture as it is, in its own size, without boxes. */
function saveFrame(video: HTMLVideoElement, name: string): void {
  if (video.videoWidth === 0) return;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [video.videoWidth, video.videoHeight];
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  canvas.toBlob(
    (blob) => {
      if (!blob) return;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
    'image/jpeg',
    0.92,
  );
}
