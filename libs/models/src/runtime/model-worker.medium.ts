import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allFiles, temporaryFolder, tinyPackage, writeFolder } from '../../test/tiny-package.js';
import { ModelPackageError, ModelRunError, ModelWorkerGoneError } from '../errors.js';
import { readModelPackage } from '../package/read-model-package.js';
import { openModelWorker, type ModelWorker } from './model-worker.js';

// Real threads and sessions; the threads run the built files of dist.

const MOVENET = fileURLToPath(new URL('../../packages/movenet-posture-192', import.meta.url));
const NANODET = fileURLToPath(new URL('../../packages/nanodet-g-416', import.meta.url));

describe('openModelWorker', () => {
  let worker: ModelWorker;
  let pixels: Uint8Array;
  let golden: Float32Array;

  beforeAll(async () => {
    worker = await openModelWorker(MOVENET);
    const sample = (await readModelPackage(MOVENET)).golden[0];
    pixels = sample?.pixels as Uint8Array;
    golden = sample?.outputs[0]?.data as Float32Array;
  });
  afterAll(() => worker.terminate());

  const expectGolden = (data: Float32Array | undefined) => {
    expect(data?.length).toBe(golden.length);
    for (const [index, value] of golden.entries()) expect(data?.[index]).toBeCloseTo(value, 2);
  };

  it('runs pixels from memory and measures', async () => {
    const run = await worker.run({ kind: 'bytes', data: pixels }, 1);
    expectGolden(run.outputs[0]?.data);
    expect(run.outputs[0]?.dims).toEqual([1, 1, 17, 3]);
    expect(run.computeMs).toBeGreaterThan(0);
    expect([worker.alive, worker.pending, worker.manifest.id, worker.provider, worker.batch]).toEqual([true, 0, 'movenet-posture-192', 'cpu', 1]);
    expect(pixels.length).toBeGreaterThan(0);
  });

  it('reads a slot of a file that is longer, two pictures at once', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'ring');
    const file = await open(path, 'w');
    await file.truncate(1_000_000);
    await file.write(pixels, 0, pixels.length, 4096);
    await file.write(pixels, 0, pixels.length, 4096 + pixels.length);
    await file.close();
    const { outputs, readMs } = await worker.run({ kind: 'file', path, offset: 4096 }, 2);
    expect(outputs[0]?.dims).toEqual([2, 1, 17, 3]);
    expectGolden(outputs[0]?.data.subarray(51));
    expect(readMs).toBeGreaterThanOrEqual(0);
  });

  it('says what is wrong with a run and goes on', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'short');
    await writeFolder(folder.path, new Map([['short', new Uint8Array(100)]]));
    await expect(worker.run({ kind: 'file', path, offset: 50 }, 1)).rejects.toThrow(ModelRunError);
    await expect(worker.run({ kind: 'file', path, offset: 50 }, 1)).rejects.toThrow(/expected 110592 bytes of pixels at .*short:50, got 50/);
    await expect(worker.run({ kind: 'file', path: `${path}-gone`, offset: 0 }, 1)).rejects.toThrow(/ENOENT/);
    await expect(worker.run({ kind: 'bytes', data: new Uint8Array(3) }, 1)).rejects.toThrow(/expected 1 x 110592 bytes of pixels, got 3/);
    expectGolden((await worker.run({ kind: 'bytes', data: pixels }, 1)).outputs[0]?.data);
  });

  it('answers many runs in order', async () => {
    const order: number[] = [];
    const runs = [0, 1, 2, 3].map((index) => worker.run({ kind: 'bytes', data: pixels }, 1).then(() => order.push(index)));
    expect(worker.pending).toBe(4);
    await Promise.all(runs);
    expect(order).toEqual([0, 1, 2, 3]);
  });
});

describe('the end of a worker', () => {
  it('rejects what is pending and what comes later', async () => {
    const worker = await openModelWorker(NANODET, { verify: false });
    const pending = worker.run({ kind: 'bytes', data: new Uint8Array(416 * 416 * 3) }, 1);
    const rejected = expect(pending).rejects.toThrow(ModelWorkerGoneError);
    await worker.terminate();
    await rejected;
    expect([worker.alive, worker.pending]).toEqual([false, 0]);
    await expect(worker.run({ kind: 'bytes', data: new Uint8Array(1) }, 1)).rejects.toThrow(/the worker of model package .*nanodet-g-416 has ended: it was stopped/);
    expect(await worker.ended).toBeInstanceOf(ModelWorkerGoneError);
  });

  it('comes with the same error as in this thread when the package is refused', async () => {
    await using folder = await temporaryFolder();
    const pkg = tinyPackage();
    pkg.files.set('LICENSE', Buffer.from('changed'));
    await writeFolder(folder.path, allFiles(pkg));
    const here = await readModelPackage(folder.path).catch((error: ModelPackageError) => error);
    const there = await openModelWorker(folder.path).catch((error: ModelPackageError) => error);
    expect(there).toBeInstanceOf(ModelPackageError);
    expect([(there as ModelPackageError).message, (there as ModelPackageError).context]).toEqual([(here as ModelPackageError).message, (here as ModelPackageError).context]);
  });

  it('uses no processor time while it waits', async () => {
    const worker = await openModelWorker(NANODET, { verify: false, threads: 2 });
    await worker.run({ kind: 'bytes', data: new Uint8Array(416 * 416 * 3) }, 1);
    const before = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { user, system } = process.cpuUsage(before);
    await worker.terminate();
    expect((user + system) / 1000).toBeLessThan(200);
  });
});
