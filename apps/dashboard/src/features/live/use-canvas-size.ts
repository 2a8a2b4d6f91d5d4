import { useEffect, type RefObject } from 'react';

/** Three pixels per pixel cost twice as much paint and nobody sees them on a wall. */
const MAX_SCALE = 2;

/** As many pixels as the screen has for it. */
export function useCanvasSize(canvas: RefObject<HTMLCanvasElement | null>): void {
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      const scale = Math.min(MAX_SCALE, window.devicePixelRatio);
      element.width = Math.max(1, Math.round(element.clientWidth * scale));
      element.height = Math.max(1, Math.round(element.clientHeight * scale));
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [canvas]);
}
