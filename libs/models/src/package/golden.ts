import { messageOf } from '@argus/kernel';
import type { ModelManifest } from '@argus/contracts';
import { ModelPackageError } from '../errors.js';
import { readNpy, type NpyArray } from '../tensor/npy.js';
import { dimsText, type Tensor } from '../tensor/tensor.js';
import type { PackageFiles } from './package-limits.js';

/** One input and the outputs that the model must give for it on every machine. */
export interface GoldenSample {
  readonly name: string;
  /** `count` pictures, uint8 HWC in the manifest's colour order. */
  readonly pixels: Uint8Array;
  readonly count: number;
  readonly outputs: readonly (Tensor & { readonly file: string })[];
  /** Largest absolute difference. */
  readonly tolerance: number;
}

/** Reads the golden tensors that the manifest names: input |u1 (N,H,W,3), outputs <f4 in the manifest's order. */
export function readGolden(path: string, manifest: ModelManifest, files: PackageFiles): GoldenSample[] {
  const { width, height } = manifest.input;
  return manifest.golden.map((golden) => {
    const input = readArray(path, golden.input, files);
    const [count = 0, ...size] = input.dims;
    if (!(input.data instanceof Uint8Array) || count < 1 || dimsText(size) !== `${height}x${width}x3`) {
      throw new ModelPackageError(path, golden.input, `uint8 of shape Nx${height}x${width}x3`, `${typeText(input)} of shape ${dimsText(input.dims)}`);
    }
    if (golden.outputs.length !== manifest.outputs.length) throw new ModelPackageError(path, golden.input, `${manifest.outputs.length} golden outputs`, `${golden.outputs.length}`);
    const outputs = golden.outputs.map((file) => {
      const { data, dims } = readArray(path, file, files);
      if (!(data instanceof Float32Array)) throw new ModelPackageError(path, file, 'float32', 'uint8');
      return { data, dims, file };
    });
    return { name: golden.input, pixels: input.data, count, outputs, tolerance: golden.tolerance };
  });
}

/** @throws ModelPackageError */
export function readArray(path: string, file: string, files: PackageFiles): NpyArray {
  const bytes = files.get(file);
  if (!bytes) throw new ModelPackageError(path, file, 'a file named in golden', 'none of that name');
  try {
    return readNpy(bytes);
  } catch (error) {
    throw new ModelPackageError(path, file, 'a NumPy array', messageOf(error), { cause: error });
  }
}

const typeText = (array: NpyArray): string => (array.data instanceof Uint8Array ? 'uint8' : 'float32');

/** Throws when the model gave something else than its golden outputs: another runtime, a broken driver, a wrong graph. */
export function requireGolden(path: string, manifest: ModelManifest, sample: GoldenSample, outputs: readonly Tensor[]): void {
  for (const [index, golden] of sample.outputs.entries()) requireAlike(path, golden, outputs[index], { name: manifest.outputs[index] ?? '', tolerance: sample.tolerance });
}

/** @throws ModelPackageError with the element that differs most */
export function requireAlike(path: string, golden: Tensor & { readonly file: string }, output: Tensor | undefined, { name, tolerance }: { readonly name: string; readonly tolerance: number }): void {
  if (!output || dimsText(output.dims) !== dimsText(golden.dims)) {
    throw new ModelPackageError(path, golden.file, `shape ${dimsText(golden.dims)} from output '${name}'`, `shape ${dimsText(output?.dims ?? [])}`);
  }
  const { at, difference } = largestDifference(golden.data, output.data);
  if (difference <= tolerance) return;
  throw new ModelPackageError(path, golden.file, `output '${name}' within ${tolerance} of the golden tensor`, `a difference of ${difference.toPrecision(4)} at element ${at} (golden ${golden.data[at]}, model ${output.data[at]})`);
}

/** A value that is no number counts as infinitely far, unless both are alike. */
function largestDifference(a: Float32Array, b: Float32Array): { at: number; difference: number } {
  let at = 0;
  let largest = 0;
  for (let index = 0; index < a.length; index += 1) {
    const [left, right] = [a[index] as number, b[index] as number];
    if (Object.is(left, right)) continue;
    const difference = Math.abs(left - right);
    if (difference <= largest) continue;
    at = index;
    largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return { at, difference: largest };
}
