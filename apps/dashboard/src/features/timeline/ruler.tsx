import type { Camera, CameraTimeline, RecordingHold } from '@argus/contracts';
import { useEffect, useRef, useState } from 'react';
import { formatClock, formatDay } from '../../i18n/format.js';
import { useI18n } from '../../i18n/i18n.js';
import { onEachFrame } from '../live/player/ticker.js';
import { useCanvasSize } from '../live/use-canvas-size.js';
import type { FootageStage } from './player/footage-stage.js';
import { paintRuler, readRulerStyle, type RulerSize } from './ruler-painter.js';
import { timeAt, type TimeView } from './time-view.js';
import { holdsAt } from './use-holds.js';
import { useRulerGestures, type Selection } from './use-ruler-gestures.js';

export interface RulerProps {
  readonly cameras: readonly Camera[];
  readonly rows: readonly (CameraTimeline | null)[];
  /** What the rows tell of; null: nothing has come yet. */
  readonly known: TimeView | null;
  readonly holds: readonly RecordingHold[];
  readonly stage: FootageStage;
  readonly view: TimeView;
  readonly onView: (view: TimeView) => void;
  readonly selection: Selection | null;
  readonly onSelection: (selection: Selection | null) => void;
  readonly timeZone: string;
}

const AXIS = 28;
const rowHeight = (rows: number) => (rows <= 4 ? 34 : rows <= 9 ? 24 : 17);

/** Hours across, one row per camera: footage, motion, events; drag the hours to scrub, the rows to move, with Shift to select. */
export function Ruler(props: RulerProps) {
  const { cameras, stage, view, timeZone } = props;
  const { t, locale } = useI18n();
  const canvas = useRef<HTMLCanvasElement>(null);
  const hover = useRef<number | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  useCanvasSize(canvas);
  const cursor = useRulerGestures(canvas, latest, hover, AXIS);
  const row = rowHeight(cameras.length);
  const height = AXIS + Math.max(1, cameras.length) * row;
  useRulerPaint(canvas, latest, hover, row);
  const onMove = useHoldTitle(latest, row);
  const clock = (ms: number) => formatClock(new Date(ms).toISOString(), timeZone, locale);
  return (
    <div className="flex border-t border-line bg-surface select-none">
      <ul aria-hidden className="m-0 w-24 shrink-0 list-none border-r border-line p-0 sm:w-40" style={{ paddingTop: AXIS }}>
        {cameras.map((camera) => (
          <li key={camera.id} title={camera.name} className="flex items-center px-2 text-s leading-none text-ink-2 sm:px-3" style={{ height: row }}>
            <span className="clip">{camera.name}</span>
          </li>
        ))}
      </ul>
      <canvas
        ref={canvas}
        tabIndex={0}
        role="slider"
        aria-label={t('timeline.ruler')}
        aria-valuemin={Math.round(view.fromMs / 1000)}
        aria-valuemax={Math.round(view.toMs / 1000)}
        aria-valuenow={Math.round(stage.positionMs / 1000)}
        aria-valuetext={clock(stage.positionMs)}
        data-testid="timeline-ruler"
        onPointerMove={onMove}
        data-from={Math.round(view.fromMs)}
        data-to={Math.round(view.toMs)}
        className={`block min-w-0 flex-1 touch-none focus-visible:-outline-offset-2 ${cursor}`}
        style={{ height }}
      />
    </div>
  );
}

/** Paints when anything of it is another than in the last frame. */
function useRulerPaint(canvas: React.RefObject<HTMLCanvasElement | null>, latest: React.RefObject<RulerProps>, hover: React.RefObject<number | null>, row: number): void {
  const { locale } = useI18n();
  const [theme] = useState(() => ({ name: '', style: null as ReturnType<typeof readRulerStyle> | null }));
  useEffect(() => {
    let last: readonly unknown[] = [];
    return onEachFrame(() => {
      const [element, context] = [canvas.current, canvas.current?.getContext('2d')];
      if (!element || !context) return;
      const { view, rows, known, holds, cameras, stage, selection, timeZone } = latest.current;
      const name = document.documentElement.dataset['theme'] ?? '';
      const second = Math.floor(Date.now() / 1000);
      const what = [view, rows, known, holds, Math.round(stage.positionMs / 20), selection, timeZone, hover.current, name, element.width, element.height, second];
      if (what.every((value, index) => value === last[index])) return;
      last = what;
      if (theme.name !== name || !theme.style) Object.assign(theme, { name, style: readRulerStyle(element) });
      const scale = element.width / Math.max(1, element.clientWidth);
      const size: RulerSize = { width: element.clientWidth, height: element.clientHeight, axis: AXIS, row };
      context.setTransform(scale, 0, 0, scale, 0, 0);
      const iso = (ms: number) => new Date(ms).toISOString();
      const clockOf = (ms: number, seconds: boolean) => formatClock(iso(ms), timeZone, locale).slice(0, seconds ? 8 : 5);
      const picture = { view, timeZone, rows, known, holds: cameras.map(({ id }) => holds.filter(({ cameraId }) => cameraId === id)), selection, positionMs: stage.positionMs, hoverMs: hover.current, nowMs: Date.now(), clockOf, dayOf: (ms: number) => formatDay(iso(ms), timeZone, locale) };
      if (theme.style) paintRuler(context, picture, size, theme.style);
    });
  }, [canvas, latest, hover, row, locale, theme]);
}

/** What is protected below the mouse is said beside it. */
function useHoldTitle(latest: React.RefObject<RulerProps>, row: number): (event: React.PointerEvent<HTMLCanvasElement>) => void {
  const { t } = useI18n();
  return ({ currentTarget: element, clientX, clientY }) => {
    const { cameras, holds, view } = latest.current;
    const { left, top } = element.getBoundingClientRect();
    const camera = cameras[Math.floor((clientY - top - AXIS) / row)];
    const found = camera ? holdsAt(holds, camera.id, timeAt(view, clientX - left, element.clientWidth)) : [];
    const title = found.map(({ reason, createdBy }) => t('hold.title', { reason, name: createdBy })).join('\n');
    if (element.title !== title) element.title = title;
  };
}
