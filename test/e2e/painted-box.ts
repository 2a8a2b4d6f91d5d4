import type { BoxNormalized } from '@argus/contracts';
import type { Page } from 'playwright-core';

/** What was painted over a picture of footage, and when that picture was taken. */
export interface PaintedBox {
  readonly atMs: number;
  /** Share of the picture; null: no box is painted about there. */
  readonly box: BoxNormalized | null;
}

/** Keeps what is painted over the footage nearest to a moment, for `paintedBox`; begin before it is played. */
export async function watchBoxes(page: Page, atMs: number): Promise<void> {
  await page.evaluate((wantedMs) => {
    const kept: { atMs: number; pixels: ImageData | null; picture: number } = { atMs: -Infinity, pixels: null, picture: 1 };
    Object.assign(window, { painted: kept });
    const look = () => {
      const [canvas, video] = [document.querySelector<HTMLCanvasElement>('[data-testid="footage-boxes"]'), document.querySelector<HTMLVideoElement>('[data-testid="footage"]')];
      const ms = (video?.currentTime ?? 0) * 1000;
      const painted = canvas !== null && Number(canvas.dataset['boxes']) > 0 && video !== null && video.videoWidth > 0 && !video.seeking;
      if (painted && Math.abs(ms - wantedMs) <= Math.min(500, Math.abs(kept.atMs - wantedMs))) {
        Object.assign(kept, { atMs: ms, pixels: canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? null, picture: video.videoWidth / video.videoHeight });
      }
      requestAnimationFrame(look);
    };
    look();
  }, atMs);
}

/** The painted rectangle that is most like `near`: its four edges are painted, and not all that is inside (a neighbour's label may lie there). Found in the pixels of the canvas. */
export function paintedBox(page: Page, near: BoxNormalized): Promise<PaintedBox> {
  return page.evaluate((wanted) => {
    const { atMs, pixels, picture } = (window as unknown as { painted: { atMs: number; pixels: ImageData | null; picture: number } }).painted;
    if (!pixels) return { atMs, box: null };
    const [width, height] = pixels.width / pixels.height > picture ? [pixels.height * picture, pixels.height] : [pixels.width, pixels.width / picture];
    const [left, top] = [(pixels.width - width) / 2, (pixels.height - height) / 2];
    const isPainted = (x: number, y: number) => (x >= 0 && y >= 0 && x < pixels.width && y < pixels.height && (pixels.data[(y * pixels.width + x) * 4 + 3] as number) > 96 ? 1 : 0);
    const share = (x0: number, y0: number, x1: number, y1: number) => {
      let [sum, count] = [0, 0];
      for (let y = y0; y <= y1; y += 1) for (let x = x0; x <= x1; x += 1) [sum, count] = [sum + isPainted(x, y), count + 1];
      return count === 0 ? 0 : sum / count;
    };
    const at = { x0: left + wanted.x * width, y0: top + wanted.y * height, x1: left + (wanted.x + wanted.width) * width, y1: top + (wanted.y + wanted.height) * height };
    const about = (middle: number, size: number) => Array.from({ length: 2 * Math.ceil(size * 0.4) + 1 }, (_, index) => Math.round(middle) + index - Math.ceil(size * 0.4));
    const [columns, rows] = [wanted.width * width, wanted.height * height];
    let best: { x0: number; y0: number; x1: number; y1: number; off: number } | null = null;
    // Edges first: rows and columns that are painted over most of the box's length.
    const lefts = about(at.x0, columns).filter((x) => share(x, Math.round(at.y0 + rows * 0.3), x, Math.round(at.y1 - rows * 0.3)) > 0.8);
    const rights = about(at.x1, columns).filter((x) => share(x, Math.round(at.y0 + rows * 0.3), x, Math.round(at.y1 - rows * 0.3)) > 0.8);
    for (const x0 of lefts)
      for (const x1 of rights)
        for (const y0 of about(at.y0, rows))
          for (const y1 of about(at.y1, rows)) {
            if (x1 - x0 < columns * 0.4 || y1 - y0 < rows * 0.4) continue;
            const edges = Math.min(share(x0, y0, x1, y0), share(x0, y1, x1, y1), share(x0, y0, x0, y1), share(x1, y0, x1, y1));
            if (edges < 0.9 || share(x0 + 3, y0 + 3, x1 - 3, y1 - 3) > 0.8) continue;
            const off = Math.abs(x0 - at.x0) + Math.abs(x1 - at.x1) + Math.abs(y0 - at.y0) + Math.abs(y1 - at.y1);
            if (!best || off < best.off) best = { x0, y0, x1, y1, off };
          }
    return { atMs, box: best && { x: (best.x0 - left) / width, y: (best.y0 - top) / height, width: (best.x1 - best.x0) / width, height: (best.y1 - best.y0) / height } };
  }, near);
}

/** Overlap over union. */
export function overlapOf(a: BoxNormalized, b: BoxNormalized): number {
  const [width, height] = [Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x), Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)];
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (a.width * a.height + b.width * b.height - both);
}
