import type { ModelInput } from '@argus/contracts';
import type { PixelTarget } from '@argus/media';

/** The part of a model's input that scaling needs. */
export function pixelTarget({ width, height, color, resize, align, pad }: ModelInput): PixelTarget {
  return { width, height, color, resize, align, pad };
}
