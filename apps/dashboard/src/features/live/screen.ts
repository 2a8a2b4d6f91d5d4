import { useEffect, useRef } from 'react';

/** The browser's own full screen, where it allows it; the tile fills the window in any case. */
export function setScreenFull(full: boolean): void {
  const refused = () => undefined;
  if (full && document.fullscreenEnabled) document.documentElement.requestFullscreen().catch(refused);
  if (!full && document.fullscreenElement) document.exitFullscreen().catch(refused);
}

/** Esc in full screen is taken by the browser: the page hears only that full screen is over. */
export function useScreenLeft(onLeft: () => void): void {
  const latest = useRef(onLeft);
  useEffect(() => {
    latest.current = onLeft;
  });
  useEffect(() => {
    const onChange = () => document.fullscreenElement === null && latest.current();
    document.addEventListener('fullscreenchange', onChange);
    return () => document.removeEventListener('fullscreenchange', onChange);
  }, []);
}
