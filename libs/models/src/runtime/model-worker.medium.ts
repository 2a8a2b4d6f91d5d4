import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { allFiles, temporaryFolder, tinyPackage, writeFolder } from '../../test/tiny-package.js';
import { ModelPackageError, ModelRunError, ModelWorkerGoneError } from '../errors.js';
import { decodePicture, type PictureResult } from '../families/picture-result.js';
import { readModelPackage } from '../package/read-model-package.js';
import { openModel } from './model-session.js';
import { openModelWorker, type ModelWorker } from './model-worker.js';
import type { PictureRequest } from './worker-messages.js';

// Real processes and sessions; the processes run the built files of dist.

const MOVENET = fileURLToPath(new URL('../../packages/movenet-posture-192', import.meta.url));
const NANODET = fileURLToPath(new URL('../../packages/nanodet-g-416', import.meta.url));
const VIEW = { placement: { scaleX: 0.5, scaleY: 0.5, offsetX: 0, offsetY: 0 }, frame: { width: 832, height: 832 }, minScore: 0.3 };

const bytes = (data: Uint8Array, view: PictureRequest['view'] = null): PictureRequest => ({ pixels: { kind: 'bytes', data }, view });
const file = (path: string, offset: number): PictureRequest => ({ pixels: { kind: 'file', path, offset }, view: null });
const blackFrame = (): PictureRequest => bytes(new Uint8Array(416 * 416 * 3), VIEW);

describe('openModelWorker', () => {
  let worker: ModelWorker;
  let pixels: Uint8Array;
  let expected: PictureResult;

  beforeAll(async () => {
    worker = await openModelWorker(MOVENET);
    const pkg = await readModelPackage(MOVENET);
    pixels = pkg.golden[0]?.pixels as Uint8Array;
    expected = decodePicture(pkg.manifest, pkg.golden[0]?.outputs ?? [], 0, null);
  });
  afterAll(() => worker.terminate());

  const bestOf = (result: PictureResult | undefined) => (result?.kind === 'classification' ? result.classification.candidates[0]?.label : null);

  it('answers pixels from memory and measures', async () => {
    const run = await worker.run([bytes(pixels)]);
    expect(bestOf(run.results[0])).toBe(bestOf(expected));
    expect(run.computeMs).toBeGreaterThan(0);
    expect(Math.abs(Date.now() - run.startedAtMs)).toBeLessThan(5000);
    expect(run.usage.residentBytes).toBeGreaterThan(10e6);
    expect([worker.alive, worker.pending, worker.manifest.id, worker.provider, worker.batch]).toEqual([true, 0, 'movenet-posture-192', 'cpu', 1]);
    expect(worker.pid).not.toBe(process.pid);
  });

  it('reads slots anywhere in files that are longer, several pictures at once', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'ring');
    const ring = await open(path, 'w');
    await ring.truncate(1_000_000);
    await ring.write(pixels, 0, pixels.length, 4096);
    await ring.write(pixels, 0, pixels.length, 500_000);
    await ring.close();
    const { results, readMs } = await worker.run([file(path, 500_000), file(path, 4096), bytes(pixels)]);
    expect(results.map(bestOf)).toEqual(Array.from({ length: 3 }, () => bestOf(expected)));
    expect(results[1]).toEqual(results[0]);
    expect(readMs).toBeGreaterThanOrEqual(0);
  });

  it('says what is wrong with a run and goes on', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'short');
    await writeFolder(folder.path, new Map([['short', new Uint8Array(100)]]));
    await expect(worker.run([file(path, 50)])).rejects.toThrow(ModelRunError);
    await expect(worker.run([file(path, 50)])).rejects.toThrow(/expected 110592 bytes of pixels at .*short:50, got 50/);
    await expect(worker.run([file(`${path}-gone`, 0)])).rejects.toThrow(/ENOENT/);
    await expect(worker.run([bytes(new Uint8Array(3))])).rejects.toThrow(/expected 110592 bytes of pixels, got 3/);
    expect(bestOf((await worker.run([bytes(pixels)])).results[0])).toBe(bestOf(expected));
  });

  it('answers many runs in order', async () => {
    const order: number[] = [];
    const runs = [0, 1, 2, 3].map((index) => worker.run([bytes(pixels)]).then(() => order.push(index)));
    expect(worker.pending).toBe(4);
    await Promise.all(runs);
    expect(order).toEqual([0, 1, 2, 3]);
  });
});

describe('a detector in a process', () => {
  it('gives the boxes that the same model gives in this one, by name, picture for picture', async () => {
    const pkg = await readModelPackage(NANODET);
    const sample = pkg.golden[0]?.pixels as Uint8Array;
    const [session, worker] = await Promise.all([openModel(pkg, { verify: false }), openModelWorker(NANODET, { verify: false })]);
    const here = decodePicture(pkg.manifest, await session.run(sample, 1), 0, VIEW);
    const there = await worker.run([bytes(sample, VIEW), blackFrame(), bytes(sample, VIEW)]);
    expect(here.kind === 'detections' && here.detections.count).toBeGreaterThan(5);
    expect(there.results[0]).toEqual(here);
    expect(there.results[2]).toEqual(here);
    expect(there.results[1]?.kind === 'detections' && there.results[1].detections.count).toBe(0);
    await Promise.all([session.close(), worker.terminate()]);
  });
});

describe('the end of a worker', () => {
  it('rejects what is pending and what comes later', async () => {
    const worker = await openModelWorker(NANODET, { verify: false });
    const pending = worker.run([blackFrame()]);
    const rejected = expect(pending).rejects.toThrow(ModelWorkerGoneError);
    await worker.terminate();
    await rejected;
    expect([worker.alive, worker.pending]).toEqual([false, 0]);
    await expect(worker.run([blackFrame()])).rejects.toThrow(/the worker of model package .*nanodet-g-416 has ended: it was stopped/);
    expect(await worker.ended).toBeInstanceOf(ModelWorkerGoneError);
  });

  it.each(['SIGSEGV', 'SIGKILL'] as const)('is told when it comes by %s, and this process goes on', async (signal) => {
    const worker = await openModelWorker(MOVENET, { verify: false });
    process.kill(worker.pid, signal);
    expect((await worker.ended).message).toContain(signal);
    expect(worker.alive).toBe(false);
  });

  it('comes also to one that hangs', async () => {
    const worker = await openModelWorker(MOVENET, { verify: false });
    process.kill(worker.pid, 'SIGSTOP');
    const rejected = expect(worker.run([blackFrame()])).rejects.toThrow(ModelWorkerGoneError);
    await worker.terminate();
    await rejected;
  });

  it('comes with the same error as in this process when the package is refused', async () => {
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
    const before = (await worker.run([blackFrame()])).usage.cpuMs;
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { usage, computeMs } = await worker.run([blackFrame()]);
    await worker.terminate();
    expect(usage.cpuMs - before).toBeLessThan(200 + 4 * computeMs);
  });
});
