import type { ModelInput } from '@argus/contracts';
import { expect, it } from 'vitest';
import { coverWithMeans } from './cover-with-means.js';

it('fills boxes with their mean colour, in the pixels of the model, and leaves the rest', () => {
  const [width, height] = [6, 4];
  const pixels = Uint8Array.from({ length: width * height * 3 }, (_unused, at) => at);
  const before = pixels.slice();
  // Source pixels are twice as many, and begin one model pixel from the left.
  coverWithMeans({ pixels, input: { width, height } as ModelInput }, { scaleX: 0.5, scaleY: 0.5, offsetX: 1, offsetY: 0 }, [{ x: 0, y: 2, width: 4, height: 4 }, { x: 100, y: 0, width: 5, height: 5 }]);
  const at = (x: number, y: number, channel: number) => (y * width + x) * 3 + channel;
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) for (let channel = 0; channel < 3; channel += 1) {
    const isIn = x >= 1 && x < 3 && y >= 1 && y < 3;
    const mean = (before[at(1, 1, channel)]! + before[at(2, 1, channel)]! + before[at(1, 2, channel)]! + before[at(2, 2, channel)]!) / 4;
    expect(pixels[at(x, y, channel)]).toBe(isIn ? Math.round(mean) : before[at(x, y, channel)]);
  }
});
