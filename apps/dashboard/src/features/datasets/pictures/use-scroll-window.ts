import { useEffect, useState, type RefObject } from 'react';

export interface ScrollWindow {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Which part of an element's content shows; places are told in steps, so that not each pixel of scrolling renders anew. */
export function useScrollWindow(element: RefObject<HTMLElement | null>, stepX: number, stepY: number): ScrollWindow {
  const [view, setView] = useState<ScrollWindow>({ left: 0, top: 0, width: 0, height: 0 });
  useEffect(() => {
    const box = element.current;
    if (!box) return;
    const look = () => {
      const next = { left: Math.floor(box.scrollLeft / stepX) * stepX, top: Math.floor(box.scrollTop / stepY) * stepY, width: box.clientWidth + stepX, height: box.clientHeight + stepY };
      setView((last) => (last.left === next.left && last.top === next.top && last.width === next.width && last.height === next.height ? last : next));
    };
    look();
    const sizes = new ResizeObserver(look);
    sizes.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    return () => {
      sizes.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [element, stepX, stepY]);
  return view;
}
