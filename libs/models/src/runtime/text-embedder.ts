import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { TextEncoder } from '@argus/contracts';
import { messageOf } from '@argus/kernel';
import { ModelOpenError, ModelRunError } from '../errors.js';
import { requireAlike } from '../package/golden.js';
import type { ModelPackage } from '../package/model-package.js';
import { floatsOfHalves } from '../tensor/half-floats.js';
import { dimsText, type Tensor } from '../tensor/tensor.js';
import { embeddingName } from './embedding-name.js';
import { sessionOptions } from './session-options.js';
import { openTokens, type TextTokens } from './text-tokens.js';
import { toUnit } from './unit-vector.js';

/** Turns words into vectors beside those of pictures. Computes on the thread that it is called on. */
export interface TextEmbedder {
  /** What made the vectors: of the same name as those of the package's pictures. */
  readonly name: string;
  readonly dims: number;
  /** Of length 1. Throws ModelRunError. */
  embed(text: string): Promise<Float32Array>;
  /** As the graph gives it: for golden vectors. */
  run(text: string): Promise<Tensor>;
  close(): Promise<void>;
}

/** Opens the text encoder of a package, and runs its golden texts unless told not to. Throws ModelOpenError, ModelPackageError. */
export async function openTextEmbedder(pkg: ModelPackage, { threads = 1, verify = true }: { readonly threads?: number; readonly verify?: boolean } = {}): Promise<TextEmbedder> {
  const { id, text, dims = 0 } = pkg.manifest;
  if (!text || !pkg.text) throw new ModelOpenError(`model package ${pkg.path}: expected a text encoder (text in manifest.json), found none`, { path: pkg.path, model: id });
  const tokens = openTokens(pkg.path, text, pkg.text.tokenizer, pkg.text.tokenizerConfig);
  const session = await create(pkg, text, pkg.text.model, threads);
  const embedder = new OnnxTextEmbedder(embeddingName(pkg.manifest), dims, text, session, tokens);
  try {
    if (verify) for (const golden of pkg.text.golden) requireAlike(pkg.path, { ...golden.output, file: golden.file }, await embedder.run(golden.text), { name: text.output, tolerance: golden.tolerance });
  } catch (error) {
    await embedder.close();
    throw error;
  }
  return embedder;
}

async function create(pkg: ModelPackage, { model, inputs, output }: TextEncoder, bytes: Uint8Array, threads: number): Promise<InferenceSession> {
  const context = { path: pkg.path, model: pkg.manifest.id };
  let session;
  try {
    session = await InferenceSession.create(bytes, sessionOptions({ threads, provider: 'cpu', deviceIndex: 0 }));
  } catch (error) {
    throw new ModelOpenError(`model package ${pkg.path}: ${model} does not open on cpu: ${messageOf(error)}`, context, { cause: error });
  }
  const named = [inputs.ids, inputs.mask, inputs.types].filter((name) => name !== null);
  const problem =
    session.inputNames.length !== named.length || named.some((name) => !session.inputNames.includes(name))
      ? `text inputs: expected ${session.inputNames.map((name) => `'${name}'`).join(', ')} as the graph of ${model} has them, got ${named.map((name) => `'${name}'`).join(', ')}`
      : session.outputNames.includes(output)
        ? null
        : `text output: expected one of ${session.outputNames.map((name) => `'${name}'`).join(', ')} of ${model}, got '${output}'`;
  if (problem === null) return session;
  await session.release();
  throw new ModelOpenError(`model package ${pkg.path}: manifest.json ${problem}`, context);
}

/** Of graphs with numbers of 16 bits, too; null: they are no floats. */
function floatsOf(data: OrtTensor['data']): Float32Array | null {
  if (data instanceof Float32Array) return data;
  if (data instanceof Uint16Array) return floatsOfHalves(data);
  return data.constructor.name === 'Float16Array' ? Float32Array.from(data as unknown as ArrayLike<number>) : null;
}

class OnnxTextEmbedder implements TextEmbedder {
  constructor(
    readonly name: string,
    readonly dims: number,
    private readonly settings: TextEncoder,
    private readonly session: InferenceSession,
    private readonly tokens: (text: string) => TextTokens,
  ) {}

  async embed(text: string): Promise<Float32Array> {
    return toUnit((await this.run(text)).data);
  }

  async run(text: string): Promise<Tensor> {
    const { inputs, output } = this.settings;
    const { ids, mask } = this.tokens(text);
    const feeds: Record<string, OrtTensor> = { [inputs.ids]: this.#row(ids) };
    if (inputs.mask !== null) feeds[inputs.mask] = this.#row(mask);
    if (inputs.types !== null) feeds[inputs.types] = this.#row(ids.map(() => 0));
    let value;
    try {
      value = (await this.session.run(feeds, [output]))[output];
    } catch (error) {
      throw new ModelRunError(`text encoder of ${this.name} failed: ${messageOf(error)}`, { name: this.name }, { cause: error });
    }
    const data = value && floatsOf(value.data);
    if (!value || !data || dimsText(value.dims) !== `1x${this.dims}`) throw new ModelRunError(`text encoder of ${this.name}: expected floats of shape 1x${this.dims} from '${output}', got ${value?.type ?? 'nothing'} of shape ${dimsText(value?.dims ?? [])}`, { name: this.name });
    return { data, dims: value.dims };
  }

  #row(values: readonly number[]): OrtTensor {
    const dims = [1, values.length];
    return this.settings.type === 'int64' ? new OrtTensor('int64', BigInt64Array.from(values, BigInt), dims) : new OrtTensor('int32', Int32Array.from(values), dims);
  }

  close(): Promise<void> {
    return this.session.release();
  }
}
