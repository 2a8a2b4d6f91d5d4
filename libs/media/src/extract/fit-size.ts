import type { SizePixels } from '@argus/contracts';

/** The largest size with the picture's aspect inside of the box; never larger than the picture. Whole pixels, odd ones too, at least one. */
export function fitSize({ width, height }: SizePixels, box: SizePixels | null): SizePixels {
  const scale = box === null ? 1 : Math.min(1, box.width / width, box.height / height);
  if (scale === 1) return { width, height };
  const pixels = (length: number, most: number) => Math.min(most, Math.max(1, Math.round(length * scale)));
  return { width: pixels(width, box?.width ?? width), height: pixels(height, box?.height ?? height) };
}
