import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import { ModelInput, ModelManifest } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { allFiles, temporaryFolder, tinyPackage, writeFolder } from '../../test/tiny-package.js';
import { ModelOpenError, ModelPackageError, ModelRunError } from '../errors.js';
import { ELEMENT, modelFile, node, valueInfo } from '../graph/onnx.js';
import { addPixelPrefix } from '../graph/pixel-prefix.js';
import type { ModelPackage } from '../package/model-package.js';
import { readModelPackage, sha256 } from '../package/read-model-package.js';
import { writeNpy } from '../tensor/npy.js';
import { listDevices } from './devices.js';
import { openModel } from './model-session.js';

// Real onnxruntime sessions, the shipped packages, and graphs made here.

const packageAt = (id: string) => fileURLToPath(new URL(`../../packages/${id}`, import.meta.url));
const noise = (length: number) => Uint8Array.from({ length }, (_, index) => Math.imul(index + 1, 2_654_435_761) >>> 24);

/** What the model's authors do in their own code: (pixel - mean) / std in 32 bits, then the layout. */
function floatsOf(pixels: Uint8Array, { width, height, layout, mean, std }: ModelInput): Float32Array {
  const area = width * height;
  return Float32Array.from(pixels, (_, index) => {
    const [channel, pixel] = layout === 'nchw' ? [Math.floor(index / area) % 3, index % area] : [index % 3, Math.floor(index / 3)];
    const value = pixels[pixel * 3 + channel] as number;
    return Math.fround(Math.fround(value - Math.fround(mean[channel as 0] as number)) / Math.fround(std[channel as 0] as number));
  });
}

describe('the prefix in the graph', () => {
  it('gives NanoDet-g what its authors feed it', async () => {
    const pkg = await readModelPackage(packageAt('nanodet-g-416'));
    const { input, outputs } = pkg.manifest;
    const pixels = noise(input.width * input.height * 3);
    const original = await InferenceSession.create(pkg.model, { intraOpNumThreads: 1 });
    const expected = await original.run({ [input.name]: new OrtTensor('float32', floatsOf(pixels, input), [1, 3, input.height, input.width]) });
    const session = await openModel(pkg, { verify: false });
    const got = await session.run(pixels, 1);
    for (const [index, name] of outputs.entries()) {
      expect(got[index]?.dims).toEqual(expected[name]?.dims);
      expect(largestDifference(got[index]?.data, expected[name]?.data as Float32Array)).toBeLessThan(1e-4);
    }
    await Promise.all([session.close(), original.release()]);
  });

  it.each([
    ['float32', 'nchw'],
    ['float32', 'nhwc'],
    ['float16', 'nchw'],
    ['float16', 'nhwc'],
    ['int32', 'nhwc'],
    ['int32', 'nchw'],
    ['uint8', 'nhwc'],
    ['uint8', 'nchw'],
  ] as const)('feeds %s %s', async (type, layout) => {
    const whole = type === 'int32' || type === 'uint8';
    const input = ModelInput.parse({ name: 'x', width: 10, height: 8, layout, type, color: 'rgb', resize: 'stretch', ...(whole ? {} : { mean: [103.53, 116.28, 123.675], std: [57.375, 57.12, 58.395] }) });
    const dims = layout === 'nchw' ? ['n', 3, 8, 10] : ['n', 8, 10, 3];
    const echo = modelFile({
      inputs: [valueInfo({ name: 'x', element: ELEMENT[type], dims })],
      outputs: [valueInfo({ name: 'y', element: ELEMENT[type], dims })],
      nodes: [node({ type: 'Identity', inputs: ['x'], output: 'y' })],
    });
    const model = addPixelPrefix(echo, input, ['y']);
    const session = await InferenceSession.create(model.bytes);
    const pixels = noise(2 * 8 * 10 * 3);
    const name = model.outputNames.get('y') as string;
    const result = await session.run({ [model.inputName]: new OrtTensor('uint8', pixels, [2, 8, 10, 3]) }, [name]);
    const one = pixels.length / 2;
    const expected = [0, 1].flatMap((index) => [...floatsOf(pixels.subarray(index * one, (index + 1) * one), input)]);
    expect(largestDifference(result[name]?.data as Float32Array, Float32Array.from(expected))).toBeLessThanOrEqual(type === 'float16' ? 2e-3 : 0);
    await session.release();
  });
});

function largestDifference(a: Float32Array | undefined, b: Float32Array | undefined): number {
  if (!a || !b || a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] as number))), 0);
}

describe('openModel', () => {
  async function tiny(spoil: (pkg: ReturnType<typeof tinyPackage>) => void = () => {}): Promise<ModelPackage> {
    await using folder = await temporaryFolder();
    const pkg = tinyPackage();
    spoil(pkg);
    await writeFolder(folder.path, allFiles(pkg));
    return await readModelPackage(folder.path);
  }

  it.each(['nanodet-g-416', 'movenet-posture-192'])('opens the shipped %s, whose golden tensors come out', async (id) => {
    const pkg = await readModelPackage(packageAt(id));
    expect(pkg.manifest.id).toBe(id);
    const session = await openModel(pkg);
    expect([session.provider, session.fallback, session.batch]).toEqual(['cpu', null, 1]);
    await session.close();
  });

  it('gives the same bytes on every run and in every session', async () => {
    const pkg = await readModelPackage(packageAt('nanodet-g-416'));
    const pixels = pkg.golden[0]?.pixels as Uint8Array;
    const hashes = new Set<string>();
    for (let round = 0; round < 2; round += 1) {
      const session = await openModel(pkg, { verify: false });
      for (let run = 0; run < 2; run += 1) hashes.add((await session.run(pixels, 1)).map(({ data }) => sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))).join());
      await session.close();
    }
    expect(hashes.size).toBe(1);
  });

  it('refuses golden tensors that do not come out, with the element and both values', async () => {
    const wrong = writeNpy({ data: Float32Array.of(2, 1, 0.75), dims: [1, 3] });
    const pkg = await tiny(({ files, manifest }) => {
      files.set('golden/a.means.npy', wrong);
      (manifest['files'] as Record<string, string>)['golden/a.means.npy'] = sha256(wrong);
    });
    await expect(openModel(pkg)).rejects.toThrow(ModelPackageError);
    await expect(openModel(pkg)).rejects.toThrow(/golden\/a\.means\.npy: expected output 'means' within 0\.00001 .*0\.2500 at element 2 \(golden 0\.75, model 0\.5\)/);
    await (await openModel(pkg, { verify: false })).close();
  });

  it('refuses golden tensors that are no numbers', async () => {
    const nan = writeNpy({ data: Float32Array.of(2, Number.NaN, 0.5), dims: [1, 3] });
    const pkg = await tiny(({ files, manifest }) => {
      files.set('golden/a.means.npy', nan);
      (manifest['files'] as Record<string, string>)['golden/a.means.npy'] = sha256(nan);
    });
    await expect(openModel(pkg)).rejects.toThrow(/at element 1/);
  });

  it('says what does not fit between manifest and graph', async () => {
    const pkg = await tiny(({ manifest }) => {
      (manifest['input'] as Record<string, unknown>)['layout'] = 'nhwc';
    });
    await expect(openModel(pkg)).rejects.toThrow(ModelOpenError);
    await expect(openModel(pkg)).rejects.toThrow(/model\.onnx: expected input shape Nx8x8x3 \(nhwc\), got 1x3x8x8/);
  });

  it('refuses a graph that the runtime does not know', async () => {
    const pkg = await tiny();
    const shape = { element: ELEMENT.float32, dims: [1, 3, 8, 8] };
    const model = modelFile({ inputs: [valueInfo({ name: 'image', ...shape })], outputs: [valueInfo({ name: 'means', ...shape })], nodes: [node({ type: 'NoSuchOperator', inputs: ['image'], output: 'means' })] });
    await expect(openModel({ ...pkg, model })).rejects.toThrow(/does not open on cpu: .*NoSuchOperator/s);
  });

  it('loops over pictures where the graph takes one, and joins the outputs', async () => {
    const pkg = await tiny();
    const session = await openModel(pkg);
    const one = pkg.golden[0]?.pixels as Uint8Array;
    const [means] = await session.run(Uint8Array.from([...one, ...one.map((value) => value / 2), ...one]), 3);
    expect(means?.dims).toEqual([3, 3]);
    expect([...(means?.data ?? [])]).toEqual([2, 1, 0.5, 1, 0.5, 0.25, 2, 1, 0.5]);
    await expect(session.run(one, 2)).rejects.toThrow(ModelRunError);
    await expect(session.run(one.subarray(1), 1)).rejects.toThrow(/expected 1 x 192 bytes of pixels, got 191/);
    await session.close();
  });

  it.each([
    [null, 'n'],
    [4, 4],
    [2, 2],
  ] as const)('takes three pictures where the graph takes %s at once', async (batch, dim) => {
    const pkg = await tiny();
    const model = modelFile({
      inputs: [valueInfo({ name: 'image', element: ELEMENT.float32, dims: [dim, 3, 8, 8] })],
      outputs: [valueInfo({ name: 'means', element: ELEMENT.float32, dims: [dim, 3] })],
      nodes: [node({ type: 'GlobalAveragePool', inputs: ['image'], output: 'pooled' }), node({ type: 'Flatten', inputs: ['pooled'], output: 'means' })],
    });
    const session = await openModel({ ...pkg, model });
    expect(session.batch).toBe(batch);
    const one = pkg.golden[0]?.pixels as Uint8Array;
    const [means] = await session.run(Uint8Array.from([...one, ...one.map((value) => value / 2), ...one]), 3);
    expect([...(means?.data ?? [])]).toEqual([2, 1, 0.5, 1, 0.5, 0.25, 2, 1, 0.5]);
    await session.close();
  });

  it('falls back to cpu with the reason when a device is not there', async () => {
    const [device] = await listDevices(['tensorrt']);
    if (device?.available) return;
    const session = await openModel(await tiny(), { provider: 'tensorrt' });
    expect(session.provider).toBe('cpu');
    expect(session.fallback).toMatch(/^tensorrt is not available: .+; using cpu$/);
    await session.close();
  });

  it('lists devices, each with a reason and a remedy when it is not there', async () => {
    const devices = await listDevices();
    expect(devices[0]).toEqual({ provider: 'cpu', available: true, reason: null, remedy: null });
    for (const { available, reason, remedy } of devices) expect([reason === null, remedy === null]).toEqual([available, available]);
    expect(await listDevices(['coreml'])).toMatchObject(process.platform === 'darwin' ? [{}] : [{ available: false, reason: 'this build of onnxruntime does not know it' }]);
  });
});

describe('the manifest of a shipped package', () => {
  it('names the 80 labels of COCO in their order', async () => {
    const { manifest } = await readModelPackage(packageAt('nanodet-g-416'));
    expect([manifest.labels.length, manifest.labels[0], manifest.labels[2], manifest.labels[39], manifest.labels[79]]).toEqual([80, 'person', 'car', 'bottle', 'toothbrush']);
    expect(ModelManifest.parse(manifest)).toEqual(manifest);
  });
});
