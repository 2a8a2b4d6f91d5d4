import { useEffect, useRef, useState, type PointerEvent, type RefObject } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { labelColor } from '../live/label-colors.js';
import { onEachFrame } from '../live/player/ticker.js';
import { CORNERS, dragged, type Grip, type Point } from './drag-box.js';
import { boxesAt, type Box, type TrackBook } from './track-book.js';

interface BoxLayerProps {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly shownMs: () => number | null;
  readonly book: TrackBook;
  readonly selected: string | null;
  /** What a new box will be called. */
  readonly label: string;
  readonly onSelect: (track: string | null) => void;
  /** null: a new track. */
  readonly onBox: (track: string | null, atMs: number, box: Box) => void;
  /** Something is held: the film must stand. */
  readonly onHold: () => void;
}

interface Drag {
  readonly track: string | null;
  readonly grip: Grip;
  readonly start: Box;
  readonly from: Point;
  readonly atMs: number;
  readonly now: Box;
}

/** Smaller is a click, or a slip. CSS pixels. */
const LEAST_DRAG = 4;
const GRIP = 9;

/** The boxes of the picture that is shown, to be drawn, moved and resized. In pixels of the picture: the film lies below in the same way. */
export function BoxLayer({ video, shownMs, book, selected, label, onSelect, onBox, onHold }: BoxLayerProps) {
  const { t, locale } = useI18n();
  const svg = useRef<SVGSVGElement>(null);
  const { ms, width, height, scale } = useShownPicture(video, svg, shownMs);
  const [drag, setDrag] = useState<Drag | null>(null);
  const picture = { width, height };
  const boxes = ms === null ? [] : boxesAt(book, ms).map(({ track, at }) => ({ id: track.id, label: track.label, drawn: at.drawn, confidence: at.confidence, box: drag?.track === track.id ? drag.now : at.box }));
  const begin = (event: PointerEvent, track: string | null, grip: Grip, start: Box): void => {
    if (event.button !== 0 || ms === null || width === 0) return;
    event.stopPropagation();
    onHold();
    svg.current?.setPointerCapture(event.pointerId);
    if (track !== selected) onSelect(track);
    setDrag({ track, grip, start, from: pointOf(event, svg.current), atMs: shownMs() ?? ms, now: start });
  };
  const onMove = (event: PointerEvent): void => {
    if (drag) setDrag({ ...drag, now: dragged(drag.start, drag.grip, drag.from, pointOf(event, svg.current), picture) });
  };
  const onUp = (event: PointerEvent): void => {
    if (!drag) return;
    const moved = Math.hypot(pointOf(event, svg.current).x - drag.from.x, pointOf(event, svg.current).y - drag.from.y) >= LEAST_DRAG * scale;
    if (moved && drag.now.width >= 2 && drag.now.height >= 2) onBox(drag.track, drag.atMs, drag.now);
    setDrag(null);
  };
  const empty = { x: 0, y: 0, width: 0, height: 0 };
  return (
    <svg
      ref={svg} viewBox={`0 0 ${width || 16} ${height || 9}`} preserveAspectRatio="xMidYMid meet" role="application" aria-label={t('labelling.canvas')} data-testid="label-canvas" data-at={ms ?? ''} data-boxes={boxes.length}
      className="absolute inset-0 size-full cursor-crosshair touch-none select-none" onPointerDown={(event) => begin(event, null, { kind: 'new' }, empty)} onPointerMove={onMove} onPointerUp={onUp} onPointerCancel={() => setDrag(null)}
    >
      {boxes.map(({ id, label: its, drawn, confidence, box }) => (
        <g key={id} data-testid="label-box" data-track={id} data-drawn={drawn} data-selected={id === selected}>
          <rect {...box} className="cursor-move" fill={labelColor(its)} fillOpacity={id === selected ? 0.2 : 0.06} stroke={labelColor(its)} strokeWidth={id === selected ? 3 : 2} vectorEffect="non-scaling-stroke" {...(drawn ? {} : { strokeDasharray: '6 4' })} onPointerDown={(event) => begin(event, id, { kind: 'move' }, box)} />
          <Chip box={box} scale={scale} color={labelColor(its)} text={`${labelText(its, locale)}${drawn ? '' : ` ${confidence.toFixed(2)}`}`} />
          {id === selected && gripsOf(box, scale).map((grip) => (
            <rect
              key={`${grip.over} ${grip.down}`} data-grip={`${grip.over} ${grip.down}`} x={box.x + (box.width * (grip.over + 1)) / 2 - (GRIP * scale) / 2} y={box.y + (box.height * (grip.down + 1)) / 2 - (GRIP * scale) / 2} width={GRIP * scale} height={GRIP * scale}
              fill="var(--video-ink)" stroke={labelColor(its)} vectorEffect="non-scaling-stroke" className={CURSORS[`${grip.over} ${grip.down}`]} onPointerDown={(event) => begin(event, id, grip, box)}
            />
          ))}
        </g>
      ))}
      {drag?.grip.kind === 'new' && <rect {...drag.now} fill={labelColor(label)} fillOpacity={0.15} stroke={labelColor(label)} strokeWidth={2} vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}

/** On a small box those in the middle of edges would leave nothing to hold it by. */
const gripsOf = (box: Box, scale: number) => (Math.min(box.width, box.height) < 5 * GRIP * scale ? CORNERS.filter(({ over, down }) => over !== 0 && down !== 0) : CORNERS);

const CURSORS: Readonly<Record<string, string>> = { '-1 -1': 'cursor-nwse-resize', '1 1': 'cursor-nwse-resize', '1 -1': 'cursor-nesw-resize', '-1 1': 'cursor-nesw-resize', '0 -1': 'cursor-ns-resize', '0 1': 'cursor-ns-resize', '-1 0': 'cursor-ew-resize', '1 0': 'cursor-ew-resize' };

/** Above the box, or in it where there is no room. */
function Chip({ box, scale, color, text }: { box: Box; scale: number; color: string; text: string }) {
  const [size, high] = [13 * scale, 18 * scale];
  const y = box.y >= high ? box.y - high : box.y;
  const wide = [...text].reduce((sum, letter) => sum + (letter > '\u2e80' ? 1 : 0.6), 0) * size;
  return (
    <g className="pointer-events-none">
      <rect x={box.x} y={y} width={wide + 8 * scale} height={high} fill={color} />
      <text x={box.x + 4 * scale} y={y + 13.5 * scale} fontSize={size} fontWeight={600} fill="var(--video)">{text}</text>
    </g>
  );
}

const pointOf = (event: PointerEvent, svg: SVGSVGElement | null): Point => {
  const matrix = svg?.getScreenCTM()?.inverse();
  return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix) : { x: 0, y: 0 };
};

/** What is on the screen, asked with each of its frames. `scale`: pixels of the picture for one of CSS. */
function useShownPicture(video: RefObject<HTMLVideoElement | null>, svg: RefObject<SVGSVGElement | null>, shownMs: () => number | null) {
  const [shown, setShown] = useState({ ms: null as number | null, width: 0, height: 0, scale: 1 });
  useEffect(
    () =>
      onEachFrame(() => {
        const [width, height] = [video.current?.videoWidth ?? 0, video.current?.videoHeight ?? 0];
        const scale = svg.current && width > 0 ? Math.max(width / Math.max(1, svg.current.clientWidth), height / Math.max(1, svg.current.clientHeight)) : 1;
        const now = { ms: shownMs(), width, height, scale };
        setShown((old) => (old.ms === now.ms && old.width === width && old.height === height && old.scale === scale ? old : now));
      }),
    [video, svg, shownMs],
  );
  return shown;
}
