import type { ModelManifest } from '@argus/contracts';
import type { Tensor } from '../tensor/tensor.js';
import type { GoldenSample } from './golden.js';

/** The files of a package's text encoder. */
export interface TextPart {
  readonly model: Uint8Array;
  readonly tokenizer: Uint8Array;
  readonly tokenizerConfig: Uint8Array | null;
  /** Texts and the vectors that the graph must give for them, as it gives them. */
  readonly golden: readonly { readonly text: string; readonly output: Tensor; readonly file: string; readonly tolerance: number }[];
}

/** A package whose manifest and digests have been checked. Its bytes are in memory: what was checked is what is opened. */
export interface ModelPackage {
  /** Folder or zip file that it was read from. */
  readonly path: string;
  readonly manifest: ModelManifest;
  /** sha256 of manifest.json, which names the sha256 of everything else: one number for the whole package. */
  readonly digest: string;
  /** The ONNX file. */
  readonly model: Uint8Array;
  readonly golden: readonly GoldenSample[];
  /** null: it has no text encoder. */
  readonly text: TextPart | null;
}
