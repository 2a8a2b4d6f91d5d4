import type { SizePixels } from '@argus/contracts';
import type { Point, Quad } from '@argus/geometry';
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';
import { useI18n } from '../../../i18n/i18n.js';

interface AreaHandlesProps {
  readonly quad: Quad;
  readonly picture: SizePixels;
  readonly isFlawed: boolean;
  readonly onCorner: (at: number, dx: number, dy: number) => void;
  readonly onMove: (dx: number, dy: number) => void;
}

const CORNERS = ['upperLeft', 'upperRight', 'lowerRight', 'lowerLeft'] as const;
const STEPS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const FAR = 10;

/** The area over the picture: four corners that mouse, finger or arrows move, and what lies between them. The thick side is the upper one of the new picture. */
export function AreaHandles({ quad, picture, isFlawed, onCorner, onMove }: AreaHandlesProps) {
  const { t } = useI18n();
  const { width, height } = picture;
  const outline = quad.map(({ x, y }) => `${x},${y}`).join(' ');
  const stroke = isFlawed ? 'var(--alarm)' : 'var(--accent)';
  const line = { fill: 'none', stroke, vectorEffect: 'non-scaling-stroke' as const };
  const dragArea = useDrag((dx, dy) => onMove(dx * width, dy * height));
  return (
    <>
      <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden className="pointer-events-none absolute inset-0 size-full overflow-visible">
        <path d={`M0 0H${width}V${height}H0Z M${outline.replaceAll(' ', ' L')}Z`} fillRule="evenodd" fill="var(--scrim)" />
        <polygon points={outline} {...line} strokeWidth={2} fill="transparent" className="pointer-events-auto cursor-move touch-none" data-testid="area" {...dragArea} />
        <line x1={quad[0].x} y1={quad[0].y} x2={quad[1].x} y2={quad[1].y} {...line} strokeWidth={5} />
      </svg>
      {quad.map((corner, at) => (
        <CornerHandle key={CORNERS[at]} corner={corner} picture={picture} color={stroke} label={t('straighten.corner', { corner: t(`straighten.${CORNERS[at] as (typeof CORNERS)[number]}`), x: Math.round(corner.x), y: Math.round(corner.y) })} onBy={(dx, dy) => onCorner(at, dx, dy)} />
      ))}
    </>
  );
}

function CornerHandle({ corner, picture: { width, height }, color, label, onBy }: { corner: Point; picture: SizePixels; color: string; label: string; onBy: (dx: number, dy: number) => void }) {
  const drag = useDrag((dx, dy) => onBy(dx * width, dy * height));
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const by = event.shiftKey ? FAR : 1;
    onBy(by * step[0], by * step[1]);
  };
  return (
    <button type="button" data-corner aria-label={label} title={label} onKeyDown={onKeyDown} {...drag} className="absolute grid size-10 -translate-1/2 cursor-grab touch-none place-items-center rounded-full" style={{ left: `${(corner.x / width) * 100}%`, top: `${(corner.y / height) * 100}%` }}>
      <span aria-hidden className="size-4 rounded-full border-2 bg-video-veil" style={{ borderColor: color }} />
    </button>
  );
}

/** Movements in widths and heights of the picture that it lies on; the picture itself stays where it is. */
function useDrag(onBy: (dx: number, dy: number) => void) {
  const last = useRef<{ readonly x: number; readonly y: number } | null>(null);
  return {
    onPointerDown: (event: PointerEvent<Element>) => {
      event.stopPropagation();
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      last.current = { x: event.clientX, y: event.clientY };
    },
    onPointerMove: (event: PointerEvent<Element>) => {
      event.stopPropagation();
      const box = event.currentTarget.closest('[data-picture]')?.getBoundingClientRect();
      if (!last.current || !box) return;
      onBy((event.clientX - last.current.x) / box.width, (event.clientY - last.current.y) / box.height);
      last.current = { x: event.clientX, y: event.clientY };
    },
    onPointerUp: () => (last.current = null),
    onPointerCancel: () => (last.current = null),
  };
}
