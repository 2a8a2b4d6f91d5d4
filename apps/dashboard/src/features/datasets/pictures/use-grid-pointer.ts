import { useEffect, useRef, useState, type PointerEvent, type MouseEvent, type RefObject } from 'react';
import { indexAt, sweptBy, type GridLayout } from './grid-window.js';
import { extendTo, NOTHING_PICKED, pickOnly, sweep, toggle, type Selection } from './selection.js';

export interface GridSurface {
  readonly layout: GridLayout;
  /** Of a column, with the gap at its right. */
  readonly columnWidth: number;
  readonly order: readonly string[];
  readonly selection: Selection;
  readonly onSelection: (selection: Selection) => void;
  readonly onOpen: (index: number) => void;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Drag {
  readonly x: number;
  readonly y: number;
  readonly base: Selection;
  readonly onPick: boolean;
  clientX: number;
  clientY: number;
  moved: boolean;
}

const CLICK_PX = 4;
const EDGE_PX = 48;
const FASTEST_PX = 40;

/** Mouse and fingers on the grid: click, Shift, Ctrl, a dragged rectangle that scrolls at the edges; a finger opens, and chooses once something is chosen. */
export function useGridPointer(scroller: RefObject<HTMLElement | null>, content: RefObject<HTMLElement | null>, surface: GridSurface) {
  const latest = useRef(surface);
  const drag = useRef<Drag | null>(null);
  const frame = useRef(0);
  const [box, setBox] = useState<Box | null>(null);
  useEffect(() => {
    latest.current = surface;
  });
  useEffect(() => () => cancelAnimationFrame(frame.current), []);

  const placeAt = (clientX: number, clientY: number) => {
    const origin = content.current?.getBoundingClientRect();
    return { x: clientX - (origin?.left ?? 0), y: clientY - (origin?.top ?? 0) };
  };
  const pictureAt = ({ x, y }: { x: number; y: number }): number | null => indexAt(latest.current.layout, Math.floor(x / latest.current.columnWidth), y);

  const drawOn = () => {
    const now = drag.current;
    const area = scroller.current;
    if (!now?.moved || !area) return;
    const edges = area.getBoundingClientRect();
    const over = Math.max(0, now.clientY - (edges.bottom - EDGE_PX)) - Math.max(0, edges.top + EDGE_PX - now.clientY);
    if (over !== 0) area.scrollTop += Math.max(-FASTEST_PX, Math.min(FASTEST_PX, over));
    const { layout, columnWidth, order, onSelection } = latest.current;
    const { x, y } = placeAt(now.clientX, now.clientY);
    const next: Box = { left: Math.max(0, Math.min(x, now.x)), top: Math.max(0, Math.min(y, now.y)), width: Math.abs(x - now.x), height: Math.abs(y - now.y) };
    setBox(next);
    const columns = { fromColumn: Math.floor(next.left / columnWidth), toColumn: Math.floor((next.left + next.width) / columnWidth) };
    onSelection(sweep(now.base, order, sweptBy(layout, { ...columns, top: next.top, bottom: next.top + next.height })));
    // Goes on while the pointer rests at an edge.
    if (over !== 0) frame.current = requestAnimationFrame(drawOn);
  };

  const click = (event: MouseEvent, index: number | null, onPick: boolean) => {
    const { order, selection, onSelection } = latest.current;
    if (index === null) {
      if (!event.ctrlKey && !event.metaKey && !event.shiftKey) onSelection({ ...NOTHING_PICKED, focus: selection.focus });
      return;
    }
    const keep = event.ctrlKey || event.metaKey;
    if (event.shiftKey) onSelection(extendTo(selection, order, index, keep));
    else onSelection(keep || onPick ? toggle(selection, order, index) : pickOnly(order, index));
  };

  return {
    box,
    handlers: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        if (event.button !== 0 || event.pointerType === 'touch') return;
        const place = placeAt(event.clientX, event.clientY);
        const area = scroller.current;
        // On the scroll bar.
        if (area && event.clientX > area.getBoundingClientRect().left + area.clientWidth) return;
        const { selection } = latest.current;
        const keep = event.ctrlKey || event.metaKey || event.shiftKey;
        drag.current = { ...place, base: keep ? selection : { ...NOTHING_PICKED, focus: selection.focus }, onPick: isPick(event.target), clientX: event.clientX, clientY: event.clientY, moved: false };
        area?.setPointerCapture(event.pointerId);
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => {
        const now = drag.current;
        if (!now) return;
        const far = Math.hypot(event.clientX - now.clientX, event.clientY - now.clientY) > CLICK_PX;
        if (!now.moved && !far) return;
        Object.assign(now, { clientX: event.clientX, clientY: event.clientY, moved: true });
        cancelAnimationFrame(frame.current);
        frame.current = requestAnimationFrame(drawOn);
      },
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        const now = drag.current;
        drag.current = null;
        cancelAnimationFrame(frame.current);
        setBox(null);
        if (now && !now.moved) click(event, pictureAt(now), now.onPick);
      },
      onPointerCancel: () => {
        drag.current = null;
        setBox(null);
      },
      onDoubleClick: (event: MouseEvent<HTMLElement>) => {
        const index = pictureAt(placeAt(event.clientX, event.clientY));
        if (index !== null && !event.ctrlKey && !event.metaKey && !event.shiftKey) latest.current.onOpen(index);
      },
      onClick: (event: MouseEvent<HTMLElement>) => {
        if ((event.nativeEvent as unknown as { pointerType?: string }).pointerType !== 'touch') return;
        const index = pictureAt(placeAt(event.clientX, event.clientY));
        const { order, selection, onSelection, onOpen } = latest.current;
        if (index === null) return;
        if (isPick(event.target) || selection.picked.size > 0) onSelection(toggle(selection, order, index));
        else onOpen(index);
      },
    },
  };
}

const isPick = (target: EventTarget): boolean => target instanceof Element && target.closest('[data-pick]') !== null;
