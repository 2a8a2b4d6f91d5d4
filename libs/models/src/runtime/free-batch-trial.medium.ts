import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readModelPackage } from '../package/read-model-package.js';
import { withFreeBatch } from './free-batch-trial.js';
import { openModel } from './model-session.js';

// Real onnxruntime sessions and the shipped packages, whose graphs are fixed to one picture.

const packageAt = (id: string) => readModelPackage(fileURLToPath(new URL(`../../packages/${id}`, import.meta.url)));

describe('withFreeBatch', () => {
  it('lets NanoDet-g take three pictures at once, and the answers are those of each', async () => {
    const pkg = await packageAt('nanodet-g-416');
    const [one, many] = [await openModel(pkg, { verify: false }), await openModel(pkg, { batch: 4 })];
    expect([one.batch, many.batch]).toEqual([1, null]);
    const golden = pkg.golden[0]?.pixels as Uint8Array;
    const pictures = [golden, golden.map((value) => value >> 1), golden.map((_, index) => golden[golden.length - 1 - index] as number)];
    const together = await many.run(Buffer.concat(pictures), 3);
    for (const [index, picture] of pictures.entries()) {
      for (const [output, single] of (await one.run(picture, 1)).entries()) {
        const part = together[output]?.data.subarray(index * single.data.length, (index + 1) * single.data.length) as Float32Array;
        expect(part.length).toBe(single.data.length);
        expect(part.reduce((largest, value, at) => Math.max(largest, Math.abs(value - (single.data[at] as number))), 0)).toBeLessThan(1e-3);
      }
    }
    await Promise.all([one.close(), many.close()]);
  });

  it('leaves a graph alone that does not treat pictures apart, which then goes one by one', async () => {
    const pkg = await packageAt('movenet-posture-192');
    const session = await openModel(pkg, { batch: 4 });
    const golden = pkg.golden[0]?.pixels as Uint8Array;
    const outputs = await session.run(Buffer.concat([golden, golden]), 2);
    expect(outputs[0]?.dims).toEqual([2, 1, 17, 3]);
    expect(await withFreeBatch(pkg) === pkg).toBe(session.batch === 1);
    await session.close();
  });
});
