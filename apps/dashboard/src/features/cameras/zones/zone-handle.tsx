import type { PointNormalized } from '@argus/contracts';
import { useRef, type KeyboardEvent, type PointerEvent } from 'react';

interface ZoneHandleProps {
  readonly point: PointNormalized;
  readonly label: string;
  readonly pointOf: (event: PointerEvent) => PointNormalized;
  /** `first`: this begins a new move for undo. */
  readonly onMove: (to: PointNormalized, first: boolean) => void;
  readonly onRemove: () => void;
}

/** Fractions of the picture per arrow key, plain and with Shift. */
const STEP = 0.005;
const BIG_STEP = 0.05;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** A corner that is dragged by mouse or finger, moved by arrow keys (Shift: farther) and removed by Delete. */
export function ZoneHandle({ point, label, pointOf, onMove, onRemove }: ZoneHandleProps) {
  const drag = useRef<'idle' | 'pressed' | 'moving'>('idle');
  const onPointerDown = (event: PointerEvent<HTMLButtonElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = 'pressed';
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current === 'idle') return;
    onMove(pointOf(event), drag.current === 'pressed');
    drag.current = 'moving';
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Delete' || event.key === 'Backspace') {
      event.preventDefault();
      return onRemove();
    }
    const arrow = ARROWS[event.key];
    if (!arrow) return;
    event.preventDefault();
    const step = event.shiftKey ? BIG_STEP : STEP;
    onMove({ x: point.x + arrow[0] * step, y: point.y + arrow[1] * step }, !event.repeat);
  };
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={() => (drag.current = 'idle')}
      onPointerCancel={() => (drag.current = 'idle')}
      onClick={(event) => event.stopPropagation()}
      onKeyDown={onKeyDown}
      className="absolute size-5 -translate-1/2 cursor-move touch-none rounded-full border-2 border-video"
      style={{ left: `${point.x * 100}%`, top: `${point.y * 100}%`, background: 'var(--label-5)' }}
    />
  );
}
