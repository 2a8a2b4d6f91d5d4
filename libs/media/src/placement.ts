import type { BoxPixels, Placement, SizePixels } from '@argus/contracts';

/** How a picture becomes a model's input: the geometry fields of a manifest's input. Pixels are uint8. */
export interface PixelTarget {
  readonly width: number;
  readonly height: number;
  readonly color: 'rgb' | 'bgr';
  /** letterbox: keep the aspect and pad; stretch: squash; crop: cover and cut the middle. */
  readonly resize: 'letterbox' | 'stretch' | 'crop';
  readonly align: 'center' | 'top-left';
  /** hwc (the default): height x width x colour; chw: one plane a colour, in the order of `color`. chw costs no more, and spares the model its transpose. */
  readonly layout?: 'hwc' | 'chw';
  /** In the order of `color`. */
  readonly pad: readonly [number, number, number];
}

/** What decides where a picture lies in the input. */
type Geometry = Pick<PixelTarget, 'width' | 'height' | 'resize' | 'align'>;

/** Whole pixels: left, top, width, height. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface ScalePlan {
  /** Part of the frame that is read; null: the box lies outside the frame altogether. */
  readonly source: Rect | null;
  /** Where it goes in the target; the rest is pad. */
  readonly target: Rect;
  readonly placement: Placement;
}

/** 4:2:0 pictures have one colour sample per 2 x 2 pixels: a cut can only begin at even ones. */
const CHROMA = 2;

/**
 * Plans one scaling. The cut is widened to whole even pixels and clipped to the frame, and the placement is that of the
 * rectangles really used, so boxes mapped back through it are exact although cuts are rounded.
 */
export function planScale(target: Geometry, frame: SizePixels, crop: BoxPixels | null): ScalePlan {
  const wanted = target.resize === 'crop' ? cover(crop ?? whole(frame), target.width / target.height) : (crop ?? whole(frame));
  const nominal = nominalPlacement(target, wanted);
  const source = visible(wanted, frame);
  if (source === null) return { source, target: { x: 0, y: 0, width: 0, height: 0 }, placement: nominal };

  const [x, width] = span(source.x, source.width, nominal.scaleX, nominal.offsetX, target.width);
  const [y, height] = span(source.y, source.height, nominal.scaleY, nominal.offsetY, target.height);
  const scaleX = width / source.width;
  const scaleY = height / source.height;
  return {
    source,
    target: { x, y, width, height },
    placement: { scaleX, scaleY, offsetX: x - source.x * scaleX, offsetY: y - source.y * scaleY },
  };
}

const whole = (frame: SizePixels): BoxPixels => ({ x: 0, y: 0, width: frame.width, height: frame.height });

/** The largest middle part of a box with the given aspect (width / height). */
function cover(box: BoxPixels, aspect: number): BoxPixels {
  const width = Math.min(box.width, box.height * aspect);
  const height = Math.min(box.height, box.width / aspect);
  return { x: box.x + (box.width - width) / 2, y: box.y + (box.height - height) / 2, width, height };
}

function nominalPlacement(target: Geometry, box: BoxPixels): Placement {
  const fitX = target.width / Math.max(box.width, 1);
  const fitY = target.height / Math.max(box.height, 1);
  const keepAspect = target.resize !== 'stretch';
  const scaleX = keepAspect ? Math.min(fitX, fitY) : fitX;
  const scaleY = keepAspect ? Math.min(fitX, fitY) : fitY;
  const share = target.align === 'center' ? 0.5 : 0;
  return {
    scaleX,
    scaleY,
    offsetX: (target.width - box.width * scaleX) * share - box.x * scaleX,
    offsetY: (target.height - box.height * scaleY) * share - box.y * scaleY,
  };
}

function visible(box: BoxPixels, frame: SizePixels): Rect | null {
  const left = Math.max(0, Math.floor(box.x / CHROMA) * CHROMA);
  const top = Math.max(0, Math.floor(box.y / CHROMA) * CHROMA);
  const right = Math.min(frame.width, Math.ceil((box.x + box.width) / CHROMA) * CHROMA);
  const bottom = Math.min(frame.height, Math.ceil((box.y + box.height) / CHROMA) * CHROMA);
  return right > left && bottom > top ? { x: left, y: top, width: right - left, height: bottom - top } : null;
}

/** Where a source span falls in the target, in whole pixels, at least one, inside the target. */
function span(start: number, length: number, scale: number, offset: number, limit: number): [number, number] {
  const from = clamp(Math.round(start * scale + offset), 0, limit - 1);
  const to = clamp(Math.round((start + length) * scale + offset), from + 1, limit);
  return [from, to - from];
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
