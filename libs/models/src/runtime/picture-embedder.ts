import { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node';
import type { ModelInput } from '@argus/contracts';
import { messageOf } from '@argus/kernel';
import { ModelOpenError, ModelRunError } from '../errors.js';
import { EMBEDDING, embeddingGraph } from '../graph/embedding-graph.js';
import { addPixelPrefix, type PixelModel } from '../graph/pixel-prefix.js';
import type { ModelPackage } from '../package/model-package.js';
import { chooseDevice, type Provider } from './devices.js';
import { embeddingName } from './embedding-name.js';
import { openModel, type ModelSession } from './model-session.js';
import { sessionOptions } from './session-options.js';
import { toUnit } from './unit-vector.js';

/**
 * Which tensor of a shipped model tells scenes apart best. NanoDet-g: the end of the third stage (256 channels, one cell to 16 pixels). Measured with 47
 * pictures of three videos and 163 single ones: cosine within a scene >= 0.982 (99 %), between scenes <= 0.950 (99.9 %); the second stage 0.997 and 0.987, the
 * fourth 0.951 and 0.915, so that its margin is as wide, but it finds a picture by a part of it less often (0.77 of the parts, the third stage 0.91).
 */
const TENSORS: Readonly<Record<string, string>> = { 'nanodet-g-416': 'PartitionedCall/onnx_tf_prefix_Concat_42' };

export interface OpenEmbedderOptions {
  /** Default: what is known to be good for a shipped model. */
  readonly tensor?: string;
  readonly threads?: number;
  readonly provider?: Provider;
  readonly deviceIndex?: number;
}

/** Turns pictures into vectors: like scenes lie close together. `embed` computes on the thread that it is called on. */
export interface PictureEmbedder {
  /** How pictures are to be scaled. */
  readonly input: ModelInput;
  /** What made the vectors: only those of the same name can be compared. */
  readonly name: string;
  readonly dims: number;
  readonly provider: Provider;
  /** `pixels` as in ModelSession.run. `count` rows of `dims` numbers, each of length 1. Throws ModelRunError. */
  embed(pixels: Uint8Array, count: number): Promise<Float32Array>;
  close(): Promise<void>;
}

/** Opens an embedder, or the front part of another model. Throws ModelOpenError where there is no such tensor or the machine does not do it. */
export async function openPictureEmbedder(pkg: ModelPackage, options: OpenEmbedderOptions = {}): Promise<PictureEmbedder> {
  const { id, version, input, task } = pkg.manifest;
  if (task === 'embed') return new PackageEmbedder(await openModel(pkg, options));
  const tensor = options.tensor ?? TENSORS[id];
  if (tensor === undefined) throw new ModelOpenError(`model package ${pkg.path}: no tensor is known that would describe pictures; name one of its graph, or take ${Object.keys(TENSORS).join(', ')}`, { path: pkg.path, model: id });
  const { provider } = await chooseDevice(options.provider ?? 'cpu');
  try {
    const model = addPixelPrefix(embeddingGraph(pkg.model, tensor), input, [EMBEDDING]);
    const session = await InferenceSession.create(model.bytes, sessionOptions({ threads: options.threads ?? 1, provider, deviceIndex: options.deviceIndex ?? 0 }));
    return await OnnxEmbedder.open(input, `${id}@${version}#${tensor}`, provider, model, session);
  } catch (error) {
    throw new ModelOpenError(`model package ${pkg.path}: tensor '${tensor}' does not give a vector on ${provider}: ${messageOf(error)}`, { path: pkg.path, model: id, provider }, { cause: error });
  }
}

class OnnxEmbedder implements PictureEmbedder {
  /** What a first picture has shown. */
  dims = 0;

  private constructor(
    readonly input: ModelInput,
    readonly name: string,
    readonly provider: Provider,
    private readonly model: PixelModel,
    private readonly session: InferenceSession,
  ) {}

  static async open(input: ModelInput, name: string, provider: Provider, model: PixelModel, session: InferenceSession): Promise<OnnxEmbedder> {
    const embedder = new OnnxEmbedder(input, name, provider, model, session);
    try {
      embedder.dims = (await embedder.#runOne(new Uint8Array(embedder.#pictureBytes))).length;
    } catch (error) {
      await session.release();
      throw error;
    }
    return embedder;
  }

  get #pictureBytes(): number {
    return this.input.width * this.input.height * 3;
  }

  async embed(pixels: Uint8Array, count: number): Promise<Float32Array> {
    const bytes = this.#pictureBytes;
    if (count < 1 || pixels.length !== count * bytes) throw new ModelRunError(`embedder ${this.name}: expected ${count} x ${bytes} bytes of pixels, got ${pixels.length}`, { name: this.name });
    const rows = new Float32Array(count * this.dims);
    for (let index = 0; index < count; index += 1) rows.set(toUnit(await this.#runOne(pixels.subarray(index * bytes, (index + 1) * bytes))), index * this.dims);
    return rows;
  }

  /** One picture a run: shipped graphs are fixed to one, and on a CPU more at once cost the same. */
  async #runOne(pixels: Uint8Array): Promise<Float32Array> {
    let value;
    try {
      const feeds = { [this.model.inputName]: new OrtTensor('uint8', pixels, [1, this.input.height, this.input.width, 3]) };
      value = (await this.session.run(feeds, [EMBEDDING]))[EMBEDDING];
    } catch (error) {
      throw new ModelRunError(`embedder ${this.name} failed on ${this.provider}: ${messageOf(error)}`, { name: this.name, provider: this.provider }, { cause: error });
    }
    if (!(value?.data instanceof Float32Array)) throw new ModelRunError(`embedder ${this.name}: expected float32, got ${value?.type ?? 'nothing'}`, { name: this.name });
    return value.data;
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

/** A package that is an embedder itself. */
class PackageEmbedder implements PictureEmbedder {
  readonly input: ModelInput;
  readonly name: string;
  readonly dims: number;
  readonly provider: Provider;

  constructor(private readonly session: ModelSession) {
    const { manifest, provider } = session;
    this.input = manifest.input;
    this.name = embeddingName(manifest);
    this.dims = manifest.dims as number;
    this.provider = provider;
  }

  async embed(pixels: Uint8Array, count: number): Promise<Float32Array> {
    const { data } = (await this.session.run(pixels, count))[0] as { data: Float32Array };
    const rows = new Float32Array(data.length);
    for (let at = 0; at < data.length; at += this.dims) rows.set(toUnit(data.subarray(at, at + this.dims)), at);
    return rows;
  }

  close(): Promise<void> {
    return this.session.close();
  }
}
