import { useEffect, useRef, useState, type RefObject } from 'react';
import { useI18n } from '../../i18n/i18n.js';
import { labelText } from '../../i18n/labels.js';
import { chipText } from '../live/chip-text.js';
import { fitFrame, paintObjects, readPaintStyle, type PaintStyle } from '../live/player/overlay-painter.js';
import { onEachFrame } from '../live/player/ticker.js';
import { useCanvasSize } from '../live/use-canvas-size.js';
import type { KnownFootage } from './footage-spans.js';
import { FootagePlayer, type FootageStatus } from './player/footage-player.js';
import type { FootageStage } from './player/footage-stage.js';
import { SeenObjects } from './player/seen-objects.js';

interface Elements {
  readonly video: RefObject<HTMLVideoElement | null>;
  readonly canvas: RefObject<HTMLCanvasElement | null>;
}

interface FootagePlayerOptions {
  readonly cameraId: string;
  readonly stage: FootageStage;
  readonly known: KnownFootage | undefined;
  readonly boxes: boolean;
}

/** Plays a camera's footage in step with the stage, with what was seen drawn over it. */
export function useFootagePlayer({ video, canvas }: Elements, { cameraId, stage, known, boxes }: FootagePlayerOptions): { status: FootageStatus; shownMs: () => number | null } {
  const [status, setStatus] = useState<FootageStatus>({ phase: 'loading' });
  const player = useRef<FootagePlayer | null>(null);
  useEffect(() => {
    if (!video.current) return;
    const started = new FootagePlayer(cameraId, video.current, setStatus);
    player.current = started;
    const leave = stage.add(started);
    return () => {
      leave();
      started.close();
      player.current = null;
    };
  }, [cameraId, stage, video]);
  useEffect(() => {
    if (player.current && known) player.current.known = known;
  }, [known, cameraId, stage]);
  useBoxes({ video, canvas }, cameraId, boxes, player);
  const [shownMs] = useState(() => () => player.current?.shownMs ?? null);
  return { status, shownMs };
}

const LOOK_AGAIN_MS = 400;

function useBoxes({ video, canvas }: Elements, cameraId: string, boxes: boolean, player: RefObject<FootagePlayer | null>): void {
  const { locale } = useI18n();
  useCanvasSize(canvas);
  useEffect(() => {
    const [element, picture] = [canvas.current, video.current];
    const context = element?.getContext('2d');
    if (!element || !picture || !context || !boxes) return;
    const seen = new SeenObjects(cameraId);
    let style: PaintStyle | null = null;
    let last = '';
    let lookedMs = 0;
    const stop = onEachFrame((nowMs) => {
      const shownMs = player.current?.shownMs ?? null;
      const what = `${shownMs} ${element.width} ${element.height} ${picture.videoWidth}`;
      // What was seen comes after the picture it belongs to; a picture that stands is looked at again.
      if (what === last && nowMs - lookedMs < LOOK_AGAIN_MS) return;
      [last, lookedMs] = [what, nowMs];
      const objects = shownMs === null || picture.videoWidth === 0 ? [] : seen.at(shownMs);
      const scale = element.width / Math.max(1, element.clientWidth);
      if (style?.scale !== scale) style = readPaintStyle(element, scale);
      context.clearRect(0, 0, element.width, element.height);
      const frame = fitFrame({ width: picture.videoWidth || 16, height: picture.videoHeight || 9 }, element);
      paintObjects(context, objects, frame, style, (object, short) => chipText(object, (label) => labelText(label, locale), short));
      element.dataset['boxes'] = String(objects.length);
    });
    return () => {
      stop();
      seen.close();
      context.clearRect(0, 0, element.width, element.height);
    };
  }, [video, canvas, cameraId, boxes, player, locale]);
}
