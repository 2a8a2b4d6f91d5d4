import { useEffect, useState, type RefObject } from 'react';
import type { FootageStage } from './player/footage-stage.js';
import { panView, pixelAt, spanOf, timeAt, zoomView, type TimeView } from './time-view.js';

/** A range of time; `toMs` null: only its beginning is marked. */
export interface Selection {
  readonly fromMs: number;
  readonly toMs: number | null;
}

interface Surface {
  readonly stage: FootageStage;
  readonly view: TimeView;
  readonly onView: (view: TimeView) => void;
  readonly selection: Selection | null;
  readonly onSelection: (selection: Selection | null) => void;
}

type Drag =
  | { readonly kind: 'scrub' }
  | { readonly kind: 'pan'; readonly startX: number; readonly view: TimeView; moved: boolean }
  | { readonly kind: 'select'; readonly fixedMs: number; readonly startX: number; moved: boolean };

/** Nearer than this to a handle is on it; farther moved than that is no click. */
const HANDLE_PX = 7;
const CLICK_PX = 4;
const ZOOM_PER_PIXEL = 0.0022;

/** Mouse, finger and wheel on the ruler. Answers the cursor's class. */
export function useRulerGestures(canvas: RefObject<HTMLCanvasElement | null>, latest: RefObject<Surface>, hover: RefObject<number | null>, axis: number): string {
  const [cursor, setCursor] = useState('cursor-grab');
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const gestures = new RulerGestures(element, () => latest.current, axis, (ms) => (hover.current = ms), setCursor);
    return () => gestures.close();
  }, [canvas, latest, hover, axis]);
  return cursor;
}

class RulerGestures {
  readonly #abort = new AbortController();
  readonly #fingers = new Map<number, number>();
  #drag: Drag | null = null;
  #pinch: { readonly distance: number; readonly centerMs: number; readonly view: TimeView } | null = null;

  constructor(
    private readonly element: HTMLCanvasElement,
    private readonly surface: () => Surface,
    private readonly axis: number,
    private readonly onHover: (ms: number | null) => void,
    private readonly onCursor: (name: string) => void,
  ) {
    const { signal } = this.#abort;
    element.addEventListener('pointerdown', (event) => this.#down(event), { signal });
    element.addEventListener('pointermove', (event) => this.#move(event), { signal });
    for (const name of ['pointerup', 'pointercancel'] as const) element.addEventListener(name, (event) => this.#up(event), { signal });
    element.addEventListener('pointerleave', () => this.onHover(null), { signal });
    // React's own wheel listeners are passive: the page would scroll and the browser zoom as well.
    element.addEventListener('wheel', (event) => this.#wheel(event), { signal, passive: false });
  }

  close(): void {
    this.#abort.abort();
  }

  #down(event: PointerEvent): void {
    if (event.button !== 0) return;
    const { x, y } = this.#place(event);
    this.element.setPointerCapture(event.pointerId);
    this.#fingers.set(event.pointerId, x);
    if (this.#fingers.size === 2) return this.#startPinch();
    this.#drag = this.#dragAt(x, y, event.shiftKey);
    if (this.#drag.kind === 'scrub') this.surface().stage.scrub(this.#timeAt(x));
  }

  #dragAt(x: number, y: number, shift: boolean): Drag {
    const { view, selection } = this.surface();
    const edge = this.#edgeAt(x);
    if (edge !== null && selection?.toMs != null) return { kind: 'select', fixedMs: edge === 'from' ? selection.toMs : selection.fromMs, startX: x, moved: true };
    if (shift) return { kind: 'select', fixedMs: this.#timeAt(x), startX: x, moved: false };
    if (y < this.axis || this.#isHead(x)) return { kind: 'scrub' };
    return { kind: 'pan', startX: x, view, moved: false };
  }

  #move(event: PointerEvent): void {
    const { x, y } = this.#place(event);
    const { stage, onView, onSelection } = this.surface();
    if (this.#fingers.has(event.pointerId)) this.#fingers.set(event.pointerId, x);
    if (this.#pinch) return this.#movePinch(this.#pinch);
    this.onHover(this.#drag?.kind === 'scrub' || event.pointerType === 'touch' ? null : this.#timeAt(x));
    const drag = this.#drag;
    if (!drag) return this.onCursor(this.#edgeAt(x) !== null ? 'cursor-ew-resize' : y < this.axis || this.#isHead(x) ? 'cursor-col-resize' : 'cursor-grab');
    if (drag.kind === 'scrub') return stage.scrub(this.#timeAt(x));
    drag.moved ||= Math.abs(x - drag.startX) > CLICK_PX;
    if (!drag.moved) return;
    if (drag.kind === 'pan') return onView(panView(drag.view, ((drag.startX - x) / this.element.clientWidth) * spanOf(drag.view)));
    const ms = this.#timeAt(x);
    onSelection({ fromMs: Math.min(ms, drag.fixedMs), toMs: Math.max(ms, drag.fixedMs) });
  }

  #up(event: PointerEvent): void {
    const drag = this.#drag;
    this.#fingers.delete(event.pointerId);
    this.#drag = null;
    if (this.#pinch) {
      if (this.#fingers.size === 0) this.#pinch = null;
      return;
    }
    const { stage } = this.surface();
    if (drag?.kind === 'scrub') stage.endScrub();
    else if (drag && !drag.moved && event.type === 'pointerup') stage.seek(this.#timeAt(this.#place(event).x));
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const { view, onView } = this.surface();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 33 : 1;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : 0;
    if (sideways) return onView(panView(view, ((sideways * lines) / this.element.clientWidth) * spanOf(view)));
    // A pinch on a touch pad comes as a wheel with Ctrl, in small steps.
    onView(zoomView(view, Math.exp(event.deltaY * lines * ZOOM_PER_PIXEL * (event.ctrlKey ? 4 : 1)), this.#timeAt(this.#place(event).x)));
  }

  #startPinch(): void {
    if (this.#drag?.kind === 'scrub') this.surface().stage.endScrub();
    this.#drag = null;
    const [a = 0, b = 0] = [...this.#fingers.values()];
    this.#pinch = { distance: Math.max(10, Math.abs(a - b)), centerMs: this.#timeAt((a + b) / 2), view: this.surface().view };
  }

  #movePinch({ distance, centerMs, view }: { distance: number; centerMs: number; view: TimeView }): void {
    const [a, b] = [...this.#fingers.values()];
    if (a === undefined || b === undefined) return;
    const zoomed = zoomView(view, distance / Math.max(10, Math.abs(a - b)), centerMs);
    const center = timeAt(zoomed, (a + b) / 2, this.element.clientWidth);
    this.surface().onView(panView(zoomed, centerMs - center));
  }

  #place(event: MouseEvent): { x: number; y: number } {
    const box = this.element.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #timeAt(x: number): number {
    return timeAt(this.surface().view, x, this.element.clientWidth);
  }

  #isHead(x: number): boolean {
    const { view, stage } = this.surface();
    return Math.abs(x - pixelAt(view, stage.positionMs, this.element.clientWidth)) < HANDLE_PX;
  }

  #edgeAt(x: number): 'from' | 'to' | null {
    const { view, selection } = this.surface();
    if (!selection || selection.toMs === null) return null;
    const away = (ms: number) => Math.abs(x - pixelAt(view, ms, this.element.clientWidth));
    if (Math.min(away(selection.fromMs), away(selection.toMs)) >= HANDLE_PX) return null;
    return away(selection.fromMs) <= away(selection.toMs) ? 'from' : 'to';
  }
}
