import { hasMainStream, type Camera } from '@argus/contracts';
import { Maximize2, Minimize2 } from 'lucide-react';
import { useEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react';
import { useMayOn } from '../../app/camera-rights.js';
import { formatClock, formatSpan } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { ToneIcon } from '../../ui/badge.js';
import { ClosedTile } from './closed-tile.js';
import type { TileStatus } from './player/tile-status.js';
import { PHASE_TONES, reasonText, useStatusWords } from './status-words.js';
import { useLivePlayer, type LivePicture } from './use-live-player.js';

interface LiveTileProps {
  readonly camera: Camera;
  readonly full: boolean;
  /** It fills the wall: the camera's main stream is worth its cost. */
  readonly large: boolean;
  readonly onToggleFull: () => void;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLElement>) => void;
}

/** One camera on the wall, or why it is closed. */
export function LiveTile(props: LiveTileProps) {
  const mayOn = useMayOn();
  return mayOn('live', props.camera) ? <OpenTile {...props} /> : <ClosedTile {...props} />;
}

/** Picture with boxes; name, state and clock when hovered; grey with words when it is not live. */
function OpenTile({ camera, full, large, onToggleFull, onKeyDown }: LiveTileProps) {
  const { t } = useI18n();
  const canvas = useRef<HTMLCanvasElement>(null);
  const mainCanvas = useRef<HTMLCanvasElement>(null);
  const wantsMain = large && hasMainStream(camera);
  const main = useMainPicture(camera.id, wantsMain, mainCanvas);
  // The small one is on the screen at once, and again when the large one fails.
  const small = useLivePlayer({ cameraId: camera.id, stream: 'analysis', on: !main.shows }, canvas);
  const { status, shownPictureMs } = main.shows ? main : small;
  const phase = status?.phase ?? 'connecting';
  const live = phase === 'live';
  return (
    <figure
      tabIndex={0}
      data-tile
      aria-label={camera.name}
      onDoubleClick={onToggleFull}
      onKeyDown={onKeyDown}
      className="group relative m-0 min-h-0 min-w-0 overflow-hidden bg-video text-video-ink focus-visible:z-10 focus-visible:-outline-offset-2"
    >
      <canvas
        ref={canvas}
        role="img"
        aria-label={t('live.pictureOf', { name: camera.name })}
        data-testid="live-tile"
        data-state={phase}
        data-mode={status?.mode ?? ''}
        data-boxes="0"
        className={`absolute inset-0 size-full transition-[filter,opacity] ${live ? '' : 'opacity-40 grayscale'}`}
      />
      {wantsMain && <canvas ref={mainCanvas} aria-hidden data-testid="live-tile-main" data-state={main.status?.phase ?? ''} data-boxes="0" className={`absolute inset-0 size-full ${main.shows ? '' : 'opacity-0'}`} />}
      {status && !live && <NotLive status={status} />}
      <figcaption className={`absolute inset-x-0 top-0 flex items-center gap-2 bg-video-veil py-1 pr-1 pl-2 text-s transition-opacity ${live && !full ? 'opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 group-focus:opacity-100' : ''}`}>
        <ToneIcon tone={PHASE_TONES[phase]} size={14} />
        <span className="clip font-semibold">{camera.name}</span>
        <PictureAge shownPictureMs={shownPictureMs} zone={camera.timeZone} />
        <button type="button" aria-label={t(full ? 'live.leaveFull' : 'live.full', { name: camera.name })} title={t(full ? 'live.leaveFullShort' : 'live.fullShort')} onClick={onToggleFull} className="ml-auto grid size-7 shrink-0 place-items-center rounded-s hover:bg-video">
          {full ? <Minimize2 aria-hidden size={16} /> : <Maximize2 aria-hidden size={16} />}
        </button>
      </figcaption>
      {status && <ModeNote status={status} />}
      {live && wantsMain && !main.shows && <MainNote main={main} />}
    </figure>
  );
}

interface MainPicture extends LivePicture {
  /** It plays, and can be shown in the place of the small one. */
  readonly shows: boolean;
  /** This browser cannot play it. */
  readonly isUnplayable: boolean;
}

/** The main stream of a camera that has another one for analysis, while it is wanted. */
function useMainPicture(cameraId: string, wanted: boolean, canvas: RefObject<HTMLCanvasElement | null>): MainPicture {
  const [isUnplayable, setUnplayable] = useState(false);
  const picture = useLivePlayer({ cameraId, stream: 'main', on: wanted && !isUnplayable }, canvas);
  const { status } = picture;
  // A picture a second of it is less than the small one has.
  if (status?.mode === 'snapshots' && !isUnplayable) setUnplayable(true);
  return { ...picture, isUnplayable, shows: status?.phase === 'live' && status.mode !== 'snapshots' && status.mode !== null };
}

/** Why it is the small stream that is on the screen; nothing while the large one is on its way. */
function MainNote({ main: { status, isUnplayable } }: { main: MainPicture }) {
  const { t } = useI18n();
  const isGone = status?.phase === 'offline' || status?.phase === 'stalled';
  if (!isUnplayable && !isGone) return null;
  const why = isUnplayable ? t('live.mainUnplayable') : t('live.mainGone', { why: status?.reason ? reasonText(status.reason, t) : t(`state.${status?.phase ?? 'offline'}`) });
  return (
    <p title={status?.lastError ?? undefined} className="absolute inset-x-0 bottom-0 m-0 bg-video-veil px-2 py-1 text-s">
      {why}
    </p>
  );
}

function NotLive({ status }: { status: TileStatus }) {
  const { title, reason, since, detail } = useStatusWords(status);
  return (
    <div className="pointer-events-none absolute inset-0 grid place-content-center justify-items-center gap-1 overflow-hidden px-4 pt-8 pb-2 text-center">
      <ToneIcon tone={PHASE_TONES[status.phase]} size={20} />
      <p className="m-0 text-m font-semibold">{reason ? `${title}: ${reason}` : title}</p>
      <p className="figures m-0 text-s">{since}</p>
      {detail && <p lang="en" className="m-0 line-clamp-2 max-w-100 text-s text-video-ink">{detail}</p>}
    </div>
  );
}

/** The lesser ways are said: why there are no boxes, or no fluent picture. */
function ModeNote({ status }: { status: TileStatus }) {
  const { t } = useI18n();
  if (status.mode !== 'snapshots') return null;
  return (
    <p title={status.modeProblem ?? undefined} className="absolute inset-x-0 bottom-0 m-0 bg-video-veil px-2 py-1 text-s">
      {t('live.snapshotsOnly')}
    </p>
  );
}

/** Site's clock and how old the picture is; looked at twice a second, only on this line. */
function PictureAge({ shownPictureMs, zone }: { shownPictureMs: () => number | null; zone: string }) {
  const { t, locale } = useI18n();
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  const last = shownPictureMs();
  if (last === null) return null;
  const at = new Date(last).toISOString();
  return (
    <span className="figures clip" title={`${at.slice(0, 19).replace('T', ' ')} UTC`}>
      {formatClock(at, zone, locale)} · {t('ui.ago', { span: formatSpan(Math.max(0, nowMs - last), locale) })}
    </span>
  );
}
