import type { ModelManifest } from '@argus/contracts';
import type { Tensor } from '../tensor/tensor.js';
import type { Provider } from './devices.js';
import type { OpenModelOptions } from './model-session.js';

/** Where a run's pixels are: `count` pictures behind one another in memory, or in a file from `offset` (bytes). */
export type ModelInputSource = { readonly kind: 'bytes'; readonly data: Uint8Array } | { readonly kind: 'file'; readonly path: string; readonly offset: number };

export interface ModelRun {
  /** In the manifest's order, leading dimension = number of pictures. */
  readonly outputs: readonly Tensor[];
  /** Time in the worker, milliseconds: reading the slot, and computing. */
  readonly readMs: number;
  readonly computeMs: number;
}

export interface WorkerData {
  readonly path: string;
  readonly options: OpenModelOptions;
}

export interface RunRequest {
  readonly type: 'run';
  readonly id: number;
  readonly input: ModelInputSource;
  readonly count: number;
}

/** An ArgusError as plain data: classes do not cross threads. */
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
