import { useEffect, useState, type RefObject } from 'react';

/** Faster than this nobody sees single pictures, and asking for them would only be in the way of those where it ends. */
const FLYING_PX_PER_MS = 5;
const SETTLED_MS = 90;

/** True while an element is scrolled too fast for its pictures to be seen. */
export function useFlying(element: RefObject<HTMLElement | null>): boolean {
  const [flying, setFlying] = useState(false);
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    let [top, at] = [box.scrollTop, performance.now()];
    let settled: ReturnType<typeof setTimeout> | undefined;
    const look = () => {
      const now = performance.now();
      const speed = Math.abs(box.scrollTop - top) / Math.max(1, now - at);
      [top, at] = [box.scrollTop, now];
      if (speed > FLYING_PX_PER_MS) setFlying(true);
      clearTimeout(settled);
      settled = setTimeout(() => setFlying(false), SETTLED_MS);
    };
    box.addEventListener('scroll', look, { passive: true });
    return () => {
      clearTimeout(settled);
      box.removeEventListener('scroll', look);
    };
  }, [element]);
  return flying;
}
