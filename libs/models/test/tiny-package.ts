import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ELEMENT, modelFile, node, valueInfo } from '../src/graph/onnx.js';
import { sha256 } from '../src/package/read-model-package.js';
import { writeNpy } from '../src/tensor/npy.js';

/** Files of a complete package by name; the manifest as an object that a test may spoil before `seal`. */
export interface TinyPackage {
  readonly files: Map<string, Uint8Array>;
  readonly manifest: Record<string, unknown>;
}

export const PICTURE = { width: 8, height: 8 } as const;

/** A classifier of three labels: the mean of each colour. Small enough to read in a test, and a real graph. */
export function tinyModel(): Uint8Array {
  return modelFile({
    inputs: [valueInfo({ name: 'image', element: ELEMENT.float32, dims: [1, 3, 8, 8] })],
    outputs: [valueInfo({ name: 'means', element: ELEMENT.float32, dims: [1, 3] })],
    nodes: [node({ type: 'GlobalAveragePool', inputs: ['image'], output: 'pooled' }), node({ type: 'Flatten', inputs: ['pooled'], output: 'means' })],
  });
}

export function tinyPackage(): TinyPackage {
  const pixels = Uint8Array.from({ length: 8 * 8 * 3 }, (_, index) => [200, 100, 50][index % 3] as number);
  const files = new Map<string, Uint8Array>([
    ['model.onnx', tinyModel()],
    ['LICENSE', Buffer.from('free for all\n')],
    ['golden/a.npy', writeNpy({ data: pixels, dims: [1, 8, 8, 3] })],
    ['golden/a.means.npy', writeNpy({ data: Float32Array.of(2, 1, 0.5), dims: [1, 3] })],
  ]);
  const manifest = {
    formatVersion: 1,
    id: 'tiny',
    version: '1.0.0',
    title: 'Mean colour',
    task: 'classify',
    architecture: 'mean',
    family: 'classifier',
    input: { name: 'image', ...PICTURE, layout: 'nchw', type: 'float32', color: 'rgb', mean: [0, 0, 0], std: [100, 100, 100], resize: 'stretch' },
    outputs: ['means'],
    labels: ['red', 'green', 'blue'],
    thresholds: {},
    license: { spdx: 'CC0-1.0', source: 'this test', files: ['LICENSE'] },
    model: 'model.onnx',
    golden: [{ input: 'golden/a.npy', outputs: ['golden/a.means.npy'], tolerance: 1e-5 }],
    files: Object.fromEntries([...files].map(([name, bytes]) => [name, sha256(bytes)])),
  };
  return { files, manifest };
}

/** Every file with the manifest, as they lie in a folder. */
export function allFiles({ files, manifest }: TinyPackage): Map<string, Uint8Array> {
  return new Map([...files, ['manifest.json', Buffer.from(JSON.stringify(manifest))]]);
}

/** A temporary folder that goes away with `await using`. */
export async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'argus-models-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export async function writeFolder(path: string, files: ReadonlyMap<string, Uint8Array>): Promise<void> {
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), bytes);
  }
}
