import type { CameraStream } from '@argus/contracts';
import { useCallback, useEffect, useRef, useState, useSyncExternalStore, type RefObject } from 'react';
import { client } from '../../app/client.js';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { chipText } from './chip-text.js';
import { LivePlayer } from './player/live-player.js';
import type { TileStatus } from './player/tile-status.js';
import { useCanvasSize } from './use-canvas-size.js';

export interface LivePicture {
  /** null: nothing is played. */
  readonly status: TileStatus | null;
  readonly shownPictureMs: () => number | null;
}

interface Played {
  readonly cameraId: string;
  readonly stream: CameraStream;
  /** False: it is not wanted now. */
  readonly on: boolean;
}

/** Plays a stream on a canvas while it can be seen; a tile out of sight or in a hidden tab holds no stream. */
export function useLivePlayer({ cameraId, stream, on }: Played, canvas: RefObject<HTMLCanvasElement | null>): LivePicture {
  const { locale } = useI18n();
  const [player, setPlayer] = useState<LivePlayer | null>(null);
  const seen = useSeen(canvas, on);
  const locales = useRef(locale);
  useEffect(() => {
    locales.current = locale;
  }, [locale]);
  useCanvasSize(canvas);
  useEffect(() => {
    if (!on || !seen || !canvas.current) return;
    const started = new LivePlayer({
      cameraId,
      stream,
      canvas: canvas.current,
      fetchPicture: () => client.call('getSnapshot', { params: { id: cameraId }, query: { width: 1280 } }),
      textOf: (object, short) => chipText(object, (label) => labelText(label, locales.current), short),
    });
    setPlayer(started);
    return () => {
      started.close();
      setPlayer(null);
    };
  }, [cameraId, stream, on, canvas, seen]);
  const subscribe = useCallback((listener: () => void) => player?.subscribe(listener) ?? (() => undefined), [player]);
  const status = useSyncExternalStore(subscribe, () => player?.status ?? null);
  return { status, shownPictureMs: useCallback(() => player?.shownPictureMs ?? null, [player]) };
}

/** `there`: the element is in the page only then. */
function useSeen(element: RefObject<HTMLElement | null>, there: boolean): boolean {
  const [onScreen, setOnScreen] = useState(false);
  const [shown, setShown] = useState(() => document.visibilityState === 'visible');
  useEffect(() => {
    if (!element.current) return;
    const observer = new IntersectionObserver(([entry]) => setOnScreen(entry?.isIntersecting ?? false));
    observer.observe(element.current);
    const onVisibility = () => setShown(document.visibilityState === 'visible');
    document.addEventListener('visibilitychange', onVisibility);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', onVisibility);
    };
  }, [element, there]);
  return onScreen && shown;
}
