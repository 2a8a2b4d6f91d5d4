import { ImageOff } from 'lucide-react';
import { useEffect, useRef, useState, type PointerEvent, type ReactNode } from 'react';
import { useI18n } from '../../../i18n/i18n.js';
import { panBy, zoomAt, type ZoomView } from './zoom-view.js';

interface ZoomPictureProps {
  readonly src: string;
  /** Shown until the picture is there. */
  readonly thumbnail: string;
  readonly alt: string;
  /** Of the picture, pixels. */
  readonly width: number;
  readonly height: number;
  readonly view: ZoomView;
  readonly onView: (view: ZoomView) => void;
  /** Drawn over the picture; 0..100 % of it. */
  readonly children?: ReactNode;
}

const ZOOM_PER_PIXEL = 0.002;

/** A picture that the wheel brings nearer and dragging moves. What is drawn over it keeps its line width. */
export function ZoomPicture({ src, thumbnail, alt, width, height, view, onView, children }: ZoomPictureProps) {
  const { t } = useI18n();
  const frame = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [failed, setFailed] = useState<string | null>(null);
  const fit = Math.min(size.width / width, size.height / height) || 0;
  const whole = { width: width * fit, height: height * fit };
  const latest = useRef({ view, onView, whole });
  useEffect(() => {
    latest.current = { view, onView, whole };
  });
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const sizes = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    sizes.observe(element);
    // React listens to wheels passively, and then the page would scroll, too.
    const onWheel = (event: WheelEvent) => {
      event.preventDefault();
      const now = latest.current;
      const box = element.getBoundingClientRect();
      now.onView(zoomAt(now.view, Math.exp(-event.deltaY * ZOOM_PER_PIXEL), (event.clientX - box.left - box.width / 2) / now.whole.width, (event.clientY - box.top - box.height / 2) / now.whole.height));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      sizes.disconnect();
      element.removeEventListener('wheel', onWheel);
    };
  }, []);
  const move = (event: PointerEvent<HTMLElement>) => {
    if (event.buttons === 1) onView(panBy(view, event.movementX / whole.width, event.movementY / whole.height));
  };
  const shown = { width: whole.width * view.scale, height: whole.height * view.scale };
  return (
    <div ref={frame} className="relative size-full touch-none overflow-hidden bg-video" style={{ cursor: view.scale > 1 ? 'grab' : 'default' }} onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)} onPointerMove={move}>
      {fit > 0 && (
        <div data-picture className="absolute" style={{ ...shown, left: size.width / 2 - view.x * shown.width, top: size.height / 2 - view.y * shown.height }}>
          <img src={thumbnail} alt="" aria-hidden draggable={false} className="absolute inset-0 size-full" />
          <img src={src} alt={alt} draggable={false} className="absolute inset-0 size-full" onError={() => setFailed(src)} />
          {children}
        </div>
      )}
      {failed === src && (
        <p role="alert" className="absolute inset-x-0 bottom-4 m-0 flex items-center justify-center gap-2 text-video-ink">
          <ImageOff aria-hidden size={16} /> {t('view.noPicture')}
        </p>
      )}
    </div>
  );
}
