import type { ModelManifest } from '@argus/contracts';
import type { ProcessUsage } from '@argus/kernel';
import type { DetectionView, PictureResult } from '../families/picture-result.js';
import type { Provider } from './devices.js';
import type { OpenModelOptions } from './model-session.js';

/** Where one picture's pixels are: in memory, or in a file from `offset` (bytes). */
export type PixelSource = { readonly kind: 'bytes'; readonly data: Uint8Array } | { readonly kind: 'file'; readonly path: string; readonly offset: number };

/** One picture of a run. */
export interface PictureRequest {
  readonly pixels: PixelSource;
  /** For detectors; null for second-stage models. */
  readonly view: DetectionView | null;
}

export interface ModelRun {
  /** One for each picture asked for, in order. */
  readonly results: readonly PictureResult[];
  /** Wall time at which the process began with it, milliseconds since 1970 with fractions. */
  readonly startedAtMs: number;
  /** Milliseconds: reading the slots, computing, reading the answer out of the outputs. */
  readonly readMs: number;
  readonly computeMs: number;
  readonly decodeMs: number;
  readonly usage: ProcessUsage;
}

export type ToWorker =
  | { readonly type: 'open'; readonly path: string; readonly options: OpenModelOptions }
  | { readonly type: 'run'; readonly id: number; readonly pictures: readonly PictureRequest[] };

/** An ArgusError as plain data: classes do not cross processes. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export type FromWorker =
  | { readonly type: 'opened'; readonly manifest: ModelManifest; readonly provider: Provider; readonly fallback: string | null; readonly batch: number | null; readonly openMs: number }
  | { readonly type: 'refused'; readonly error: ErrorData }
  | ({ readonly type: 'done'; readonly id: number } & ModelRun)
  | { readonly type: 'failed'; readonly id: number; readonly error: ErrorData };
