import { AV_PIX_FMT_YUV420P, AV_PIX_FMT_YUVJ420P } from 'node-av/constants';
import { SoftwareScaleContext, type Frame } from 'node-av/lib';
import { newFrame } from '../cut-frame.js';
import { MediaError } from '../media-error.js';
import { LabelSprites } from './label-sprites.js';
import { pixelate, pixelsOf, strokeRect, type Color, type PaintedBox, type PicturePaint, type PixelRect, type Planes } from './paint-picture.js';

/** Paints into copies of pictures: the decoder still refers to those that it gave. */
export class PicturePainter {
  readonly #sprites = new LabelSprites();
  #scaler: SoftwareScaleContext | null = null;

  /** A painted copy; the caller frees it. Throws MediaError. */
  paint(frame: Frame, { hidden, boxes }: PicturePaint): Frame {
    const copy = this.#copyOf(frame);
    const planes: Planes = { width: copy.width, height: copy.height, data: copy.data ?? [], lines: copy.linesize };
    for (const box of hidden) {
      const rect = pixelsOf(box, planes);
      if (rect !== null) pixelate(planes, rect);
    }
    for (const box of boxes) this.#paintBox(planes, box);
    return copy;
  }

  close(): void {
    this.#sprites.close();
    this.#scaler?.freeContext();
  }

  #paintBox(planes: Planes, { box, text, rgb }: PaintedBox): void {
    const rect = pixelsOf(box, planes);
    if (rect === null) return;
    const thick = Math.max(2, Math.round(planes.height / 360) * 2);
    strokeRect(planes, rect, thick, colorOf(rgb));
    const sprite = text === '' ? null : this.#sprites.find(text, rgb, Math.max(12, Math.round(planes.height / 36)));
    if (sprite !== null) putSprite(planes, sprite, rect);
  }

  #copyOf(frame: Frame): Frame {
    if (frame.format === AV_PIX_FMT_YUV420P || frame.format === AV_PIX_FMT_YUVJ420P) {
      const copy = frame.clone();
      const code = copy?.makeWritable() ?? -1;
      if (copy !== null && code >= 0) return copy;
      copy?.free();
      throw new MediaError(`a picture could not be copied (native error ${code})`);
    }
    const converted = newFrame(frame.width, frame.height, AV_PIX_FMT_YUV420P);
    if (this.#scaler === null) {
      this.#scaler = new SoftwareScaleContext();
      this.#scaler.allocContext();
    }
    const code = this.#scaler.scaleFrameSync(converted, frame);
    if (code >= 0) return converted;
    converted.free();
    throw new MediaError(`a picture could not be converted (native error ${code})`);
  }
}

/** Above the box where there is room, else inside of it; moved left where it would leave the picture. */
function putSprite(planes: Planes, sprite: Frame, rect: PixelRect): void {
  const [width, height] = [Math.min(sprite.width, planes.width & ~1), Math.min(sprite.height, planes.height & ~1)];
  const x = Math.max(0, Math.min(rect.x, (planes.width & ~1) - width));
  const y = rect.y >= height ? rect.y - height : rect.y;
  if (y + height > planes.height) return;
  const from = sprite.data ?? [];
  for (let plane = 0; plane < 3; plane += 1) {
    const shift = plane === 0 ? 0 : 1;
    const [to, line, fromLine] = [planes.data[plane] as Buffer, planes.lines[plane] as number, sprite.linesize[plane] as number];
    for (let row = 0; row < height >> shift; row += 1) from[plane]?.copy(to, ((y >> shift) + row) * line + (x >> shift), row * fromLine, row * fromLine + (width >> shift));
  }
}

/** BT.601 in the narrow range; in pictures of the full range colours are a little paler. */
function colorOf(rgb: number): Color {
  const [r, g, b] = [(rgb >> 16) & 255, (rgb >> 8) & 255, rgb & 255];
  const y = 16 + 0.257 * r + 0.504 * g + 0.098 * b;
  return [Math.round(y), Math.round(128 - 0.148 * r - 0.291 * g + 0.439 * b), Math.round(128 + 0.439 * r - 0.368 * g - 0.071 * b)];
}
