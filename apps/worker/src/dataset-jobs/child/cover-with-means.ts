import type { BoxPixels, Placement } from '@argus/contracts';
import type { ModelView } from './opened-models.js';

/** Fills boxes (source pixels) of what a model is shown with the mean colour of each: what is left is the background. */
export function coverWithMeans({ pixels, input: { width, height } }: Pick<ModelView, 'pixels' | 'input'>, { scaleX, scaleY, offsetX, offsetY }: Placement, boxes: readonly BoxPixels[]): void {
  for (const box of boxes) {
    const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
    const [left, right] = [within(box.x * scaleX + offsetX, width), within((box.x + box.width) * scaleX + offsetX, width)];
    const [top, bottom] = [within(box.y * scaleY + offsetY, height), within((box.y + box.height) * scaleY + offsetY, height)];
    const count = (right - left) * (bottom - top);
    if (count <= 0) continue;
    const sums = [0, 0, 0];
    for (let y = top; y < bottom; y += 1) for (let at = (y * width + left) * 3; at < (y * width + right) * 3; at += 1) sums[at % 3] = (sums[at % 3] as number) + (pixels[at] as number);
    const means = sums.map((sum) => Math.round(sum / count));
    for (let y = top; y < bottom; y += 1) for (let at = (y * width + left) * 3; at < (y * width + right) * 3; at += 3) pixels.set(means, at);
  }
}
