import type { ModelManifest } from '@argus/contracts';
import type { GoldenSample } from './golden.js';

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
}
