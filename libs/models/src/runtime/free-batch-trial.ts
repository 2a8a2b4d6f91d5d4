import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { ModelManifest } from '@argus/contracts';
import { freeBatch, shapesOfReshapes, withOutputs } from '../graph/free-batch.js';
import { addPixelPrefix } from '../graph/pixel-prefix.js';
import type { ModelPackage } from '../package/model-package.js';
import { sessionOptions } from './session-options.js';

/**
 * The package with a graph that takes any number of pictures, where the original is fixed to one and the edited one answers two different
 * pictures at once exactly as the original answers each (within the golden tensors' tolerance); else the package as it is. Tried on
 * the processor, also for other devices: it is the graph that is in question.
 */
export async function withFreeBatch(pkg: ModelPackage): Promise<ModelPackage> {
  const pictures = twoPictures(pkg);
  if (pictures === null) return pkg;
  try {
    const original = await runSingly(pkg, pictures);
    if (original === null) return pkg;
    const model = freeBatch(pkg.model, pkg.manifest.input.name, original.shapes);
    const both = await runTogether(model, pkg.manifest, pictures);
    const tolerance = Math.max(...pkg.golden.map((sample) => sample.tolerance));
    return pkg.manifest.outputs.every((_, index) => isSame(original.outputs.map((outputs) => outputs[index] as Float32Array), both[index] as Float32Array, tolerance)) ? { ...pkg, model } : pkg;
  } catch {
    // Not a graph that can be freed so: it goes on one picture at a time, which is right and only slower.
    return pkg;
  }
}

/** A golden picture and another one: answers that are mixed up between pictures must show. */
function twoPictures({ golden, manifest }: ModelPackage): readonly Uint8Array[] | null {
  const bytes = manifest.input.width * manifest.input.height * 3;
  const first = golden[0]?.pixels.subarray(0, bytes);
  return first?.length === bytes ? [first, inverse(first)] : null;
}

const inverse = (pixels: Uint8Array): Uint8Array => pixels.map((value) => 255 - value);

async function runSingly({ model, manifest }: ModelPackage, pictures: readonly Uint8Array[]): Promise<{ outputs: Float32Array[][]; shapes: Map<string, number[]> } | null> {
  const names = shapesOfReshapes(model);
  const prefixed = addPixelPrefix(withOutputs(model, names), manifest.input, manifest.outputs);
  if (prefixed.batch !== 1) return null;
  const session = await InferenceSession.create(prefixed.bytes, sessionOptions({ threads: 1, provider: 'cpu' }));
  try {
    const outputs: Float32Array[][] = [];
    const shapes = new Map<string, number[]>();
    for (const pixels of pictures) {
      const results = await session.run({ [prefixed.inputName]: tensorOf([pixels], manifest) });
      outputs.push(manifest.outputs.map((name) => Float32Array.from(results[prefixed.outputNames.get(name) as string]?.data as Float32Array)));
      for (const name of names) shapes.set(name, Array.from(results[name]?.data as BigInt64Array, Number));
    }
    return { outputs, shapes };
  } finally {
    await session.release();
  }
}

async function runTogether(model: Uint8Array, manifest: ModelManifest, pictures: readonly Uint8Array[]): Promise<Float32Array[]> {
  const prefixed = addPixelPrefix(model, manifest.input, manifest.outputs);
  const session = await InferenceSession.create(prefixed.bytes, sessionOptions({ threads: 1, provider: 'cpu' }));
  try {
    const results = await session.run({ [prefixed.inputName]: tensorOf(pictures, manifest) });
    return manifest.outputs.map((name) => Float32Array.from(results[prefixed.outputNames.get(name) as string]?.data as Float32Array));
  } finally {
    await session.release();
  }
}

function tensorOf(pictures: readonly Uint8Array[], { input }: ModelManifest): OrtTensor {
  const pixels = new Uint8Array(pictures.length * input.width * input.height * 3);
  for (const [index, picture] of pictures.entries()) pixels.set(picture, index * picture.length);
  return new OrtTensor('uint8', pixels, [pictures.length, input.height, input.width, 3]);
}

/** Whether the answers to all pictures, one behind the other, are those to each. */
function isSame(singles: readonly Float32Array[], together: Float32Array, tolerance: number): boolean {
  let at = 0;
  for (const single of singles) {
    for (const value of single) {
      if (!(Math.abs(value - (together[at] as number)) <= tolerance)) return false;
      at += 1;
    }
  }
  return at === together.length;
}
