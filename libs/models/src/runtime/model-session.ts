import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { ModelManifest } from '@argus/contracts';
import { messageOf } from '@argus/kernel';
import { ModelOpenError, ModelRunError } from '../errors.js';
import { addPixelPrefix, type PixelModel } from '../graph/pixel-prefix.js';
import { LOWEST_SCORE, type SelectedRows } from '../graph/select-rows.js';
import { rowSelectionsOf } from '../families/row-selections.js';
import { requireGolden } from '../package/golden.js';
import type { ModelPackage } from '../package/model-package.js';
import { elementCount, type Tensor } from '../tensor/tensor.js';
import { chooseDevice, type Provider } from './devices.js';
import { withFreeBatch } from './free-batch-trial.js';
import { sessionOptions, type SessionSettings } from './session-options.js';

export interface OpenModelOptions {
  /** Threads of the session, default 1: then two runs give the same bytes. */
  readonly threads?: number;
  /** Default cpu. An absent one falls back to cpu; `ModelSession.fallback` says why. */
  readonly provider?: Provider;
  /** Which of several GPUs, from 0; default 0. */
  readonly deviceIndex?: number;
  /** Pictures that a run is to take: from 2 on, a graph fixed to one picture is made to take any number, where it then gives the same answers. Default 1. */
  readonly batch?: number;
  /** Run the golden tensors first, default true. */
  readonly verify?: boolean;
}

/** An open model. `run` blocks the thread that it is called on while it computes: the engine runs it in a worker. */
export interface ModelSession {
  readonly manifest: ModelManifest;
  readonly provider: Provider;
  /** Why not the provider that was asked for; null when it is. */
  readonly fallback: string | null;
  /** Pictures in one native run; null: any number. `run` takes any count and loops. */
  readonly batch: number | null;
  /**
   * `pixels`: `count` pictures, uint8 HWC, channels in the manifest's colour order, one behind the other.
   * Outputs in the manifest's order, leading dimension `count`. With `lowestScore` a detector's rows that cannot reach it are left out where its
   * graph can do that: `Tensor.places` then says which are there. Throws ModelRunError.
   */
  run(pixels: Uint8Array, count: number, lowestScore?: number): Promise<readonly Tensor[]>;
  close(): Promise<void>;
}

/**
 * Opens a package in this thread: edits the graph so that its input is pixels, makes the session, and runs the golden tensors.
 * Throws ModelOpenError when graph and manifest or machine do not fit, ModelPackageError when the golden tensors do not come out.
 */
export async function openModel(pkg: ModelPackage, options: OpenModelOptions = {}): Promise<ModelSession> {
  const { threads = 1, provider: wanted = 'cpu', verify = true, deviceIndex = 0, batch = 1 } = options;
  const { provider, fallback } = await chooseDevice(wanted);
  const model = prepare(batch > 1 ? await withFreeBatch(pkg) : pkg);
  const session = await createSession(pkg, model, { threads, provider, deviceIndex });
  const open = new OnnxSession(pkg.manifest, model, session, provider, fallback);
  try {
    if (verify) for (const sample of pkg.golden) requireGolden(pkg.path, pkg.manifest, sample, await open.run(sample.pixels, sample.count));
  } catch (error) {
    await open.close();
    throw error;
  }
  return open;
}

function prepare(pkg: ModelPackage): PixelModel {
  try {
    return addPixelPrefix(pkg.model, pkg.manifest.input, pkg.manifest.outputs, rowSelectionsOf(pkg.manifest));
  } catch (error) {
    throw new ModelOpenError(`model package ${pkg.path}: ${pkg.manifest.model}: ${messageOf(error)}`, { path: pkg.path, model: pkg.manifest.id }, { cause: error });
  }
}

async function createSession(pkg: ModelPackage, model: PixelModel, settings: SessionSettings): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model.bytes, sessionOptions(settings));
  } catch (error) {
    throw new ModelOpenError(`model package ${pkg.path}: ${pkg.manifest.model} does not open on ${settings.provider}: ${messageOf(error)}`, { path: pkg.path, model: pkg.manifest.id, provider: settings.provider }, { cause: error });
  }
}

class OnnxSession implements ModelSession {
  readonly batch: number | null;
  readonly #pictureBytes: number;
  readonly #wholeNames: readonly string[];
  /** Rows where they are selected, the other outputs whole. */
  readonly #selectedNames: readonly string[];

  constructor(
    readonly manifest: ModelManifest,
    private readonly model: PixelModel,
    private readonly session: InferenceSession,
    readonly provider: Provider,
    readonly fallback: string | null,
  ) {
    this.batch = model.batch;
    this.#wholeNames = manifest.outputs.map((name) => this.#wholeName(name));
    this.#selectedNames = [...manifest.outputs.map((name) => this.#selectionOf(name)?.rows.get(name) ?? this.#wholeName(name)), ...model.selected.map(({ places }) => places)];
    this.#pictureBytes = manifest.input.width * manifest.input.height * 3;
  }

  async run(pixels: Uint8Array, count: number, lowestScore?: number): Promise<readonly Tensor[]> {
    if (count < 1 || pixels.length !== count * this.#pictureBytes) {
      throw new ModelRunError(`model ${this.manifest.id}: expected ${count} x ${this.#pictureBytes} bytes of pixels, got ${pixels.length}`, { model: this.manifest.id });
    }
    const step = this.batch ?? count;
    const parts: (readonly Tensor[])[] = [];
    for (let from = 0; from < count; from += step) parts.push(await this.#runOnce(pixels, from, Math.min(step, count - from), step, lowestScore));
    return parts.length === 1 ? (parts[0] as readonly Tensor[]) : this.manifest.outputs.map((_, index) => join(parts.map((part) => part[index] as Tensor), step));
  }

  /** One native run of `step` pictures, of which `count` are real: a graph of fixed batch is filled up with black ones. */
  async #runOnce(pixels: Uint8Array, from: number, count: number, step: number, lowestScore: number | undefined): Promise<readonly Tensor[]> {
    const { width, height } = this.manifest.input;
    let slice = pixels.subarray(from * this.#pictureBytes, (from + count) * this.#pictureBytes);
    if (count < step) {
      const padded = new Uint8Array(step * this.#pictureBytes);
      padded.set(slice);
      slice = padded;
    }
    const results = await this.#runNative(new OrtTensor('uint8', slice, [step, height, width, 3]), lowestScore);
    return this.manifest.outputs.map((name) => {
      const selection = lowestScore === undefined ? undefined : this.#selectionOf(name);
      return selection === undefined ? whole(results[this.#wholeName(name)], count, step) : selected(results[selection.rows.get(name) ?? ''], results[selection.places]);
    });
  }

  async #runNative(pixels: OrtTensor, lowestScore: number | undefined): Promise<InferenceSession.OnnxValueMapType> {
    const feeds: Record<string, OrtTensor> = { [this.model.inputName]: pixels };
    if (this.model.selected.length > 0) feeds[LOWEST_SCORE] = new OrtTensor('float32', Float32Array.of(lowestScore ?? 0), [1]);
    try {
      return await this.session.run(feeds, lowestScore === undefined ? this.#wholeNames : this.#selectedNames);
    } catch (error) {
      throw new ModelRunError(`model ${this.manifest.id} failed on ${this.provider}: ${messageOf(error)}`, { model: this.manifest.id, provider: this.provider }, { cause: error });
    }
  }

  #wholeName(output: string): string {
    return this.model.outputNames.get(output) as string;
  }

  #selectionOf(output: string): SelectedRows | undefined {
    return this.model.selected.find(({ rows }) => rows.has(output));
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

type OutputValue = InferenceSession.OnnxValueMapType[string] | undefined;

function whole(value: OutputValue, count: number, step: number): Tensor {
  const { data, dims } = floatsOf(value);
  if (count === step) return { data, dims };
  const real = [count, ...dims.slice(1)];
  return { data: data.slice(0, elementCount(real)), dims: real };
}

function selected(rows: OutputValue, places: OutputValue): Tensor {
  if (!(places?.data instanceof Int32Array)) throw new ModelRunError(`expected the places of rows as int32, got ${places?.type ?? 'nothing'}`);
  return { ...floatsOf(rows), places: places.data };
}

function floatsOf(value: OutputValue): Tensor {
  if (!(value?.data instanceof Float32Array)) throw new ModelRunError(`expected a float32 output, got ${value?.type ?? 'nothing'}`);
  return { data: value.data, dims: value.dims };
}

/** Runs of `step` pictures each, one behind the other. */
function join(parts: readonly Tensor[], step: number): Tensor {
  const dims = [parts.reduce((sum, part) => sum + (part.dims[0] ?? 0), 0), ...(parts[0]?.dims.slice(1) ?? [])];
  const data = concat(parts.map((part) => part.data));
  if (parts[0]?.places === undefined) return { data, dims };
  const places = parts.flatMap((part, index) => Array.from(part.places ?? [], (place, at) => (at % 2 === 0 ? place + index * step : place)));
  return { data, dims, places: Int32Array.from(places) };
}

function concat(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, array) => sum + array.length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}
