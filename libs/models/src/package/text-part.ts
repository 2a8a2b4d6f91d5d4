import type { ModelManifest } from '@argus/contracts';
import { ModelPackageError } from '../errors.js';
import { dimsText } from '../tensor/tensor.js';
import { readArray } from './golden.js';
import type { TextPart } from './model-package.js';
import type { PackageFiles } from './package-limits.js';

/** The files that a manifest names for its text encoder. */
export const textFilesOf = ({ text }: ModelManifest): string[] => (text ? [text.model, text.tokenizer, ...(text.tokenizerConfig === null ? [] : [text.tokenizerConfig]), ...text.golden.map(({ output }) => output)] : []);

/** @throws ModelPackageError where a golden vector is none of the manifest's length */
export function readTextPart(path: string, { text, dims = 0 }: ModelManifest, files: PackageFiles): TextPart | null {
  if (!text) return null;
  const golden = text.golden.map(({ text: words, output, tolerance }) => {
    const { data, dims: shape } = readArray(path, output, files);
    if (!(data instanceof Float32Array) || dimsText(shape) !== `1x${dims}`) throw new ModelPackageError(path, output, `float32 of shape 1x${dims}`, `shape ${dimsText(shape)}`);
    return { text: words, output: { data, dims: shape }, file: output, tolerance };
  });
  return { model: files.get(text.model) as Uint8Array, tokenizer: files.get(text.tokenizer) as Uint8Array, tokenizerConfig: text.tokenizerConfig === null ? null : (files.get(text.tokenizerConfig) as Uint8Array), golden };
}
