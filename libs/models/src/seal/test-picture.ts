import type { ModelInput } from '@argus/contracts';
import type { NpyArray } from '../tensor/npy.js';

/** A made picture for packages that bring no golden input: ramps, a bright block and fixed noise, so that no channel or corner is like another. */
export function testPicture({ width, height }: Pick<ModelInput, 'width' | 'height'>): NpyArray {
  const data = new Uint8Array(width * height * 3);
  let state = 1;
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      const noise = state >>> 28;
      const block = x > width * 0.4 && x < width * 0.6 && y > height * 0.3 && y < height * 0.8 ? 90 : 0;
      const at = (y * width + x) * 3;
      data[at] = (x * 140) / width + noise + block;
      data[at + 1] = (y * 140) / height + noise + block;
      data[at + 2] = ((x + y) * 140) / (width + height) + block;
    }
  }
  return { data, dims: [1, height, width, 3] };
}
