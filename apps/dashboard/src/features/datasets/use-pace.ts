import { useEffect, useState, type RefObject } from 'react';

/** `brisk`: pictures are seen, but nobody reads what is written on them. `flying`: not even that, and asking for pictures would only be in the way of those where it ends. */
export type Pace = 'still' | 'brisk' | 'flying';

const BRISK_PX_PER_MS = 0.6;
const FLYING_PX_PER_MS = 5;
const SETTLED_MS = 90;
/** Events of scrolling come in bunches: speed is told over at least so long. */
const MEASURED_MS = 60;

export const paceOf = (pxPerMs: number): Pace => (pxPerMs > FLYING_PX_PER_MS ? 'flying' : pxPerMs > BRISK_PX_PER_MS ? 'brisk' : 'still');

/** How fast an element is scrolled. */
export function usePace(element: RefObject<HTMLElement | null>): Pace {
  const [pace, setPace] = useState<Pace>('still');
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    let [top, at] = [box.scrollTop, performance.now()];
    let settled: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const now = performance.now();
      clearTimeout(settled);
      settled = setTimeout(() => setPace('still'), SETTLED_MS);
      const far = Math.abs(box.scrollTop - top);
      // A jump is flight at once, however short it was.
      if (now - at < MEASURED_MS && far < FLYING_PX_PER_MS * MEASURED_MS) return;
      setPace(paceOf(far / Math.max(MEASURED_MS, now - at)));
      [top, at] = [box.scrollTop, now];
    };
    box.addEventListener('scroll', look, { passive: true });
    return () => {
      clearTimeout(settled);
      box.removeEventListener('scroll', look);
    };
  }, [element]);
  return pace;
}
