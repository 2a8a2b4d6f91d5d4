import type { BoxPixels, Detections, ModelId, ModelInput, Placement, TilingSettings } from '@argus/contracts';
import { FrameScaler, type VideoFrame } from '@argus/media';
import { decodeClassification, decodeDetections, openModel, readModelPackage, type ModelSession } from '@argus/models';
import { mergeTileDetections, type CropRequest, type PictureTile, type TileDetections } from '@argus/pipeline';
import type { ModelRegistry } from '../models/model-registry.js';
import { pixelTarget } from '../models/pixel-target.js';
import { tilesOf } from '../models/tiles-of.js';
import { SettingsError } from '../errors.js';
import type { FrameInHand, SecondOpinion } from '../pipeline.js';

/** A model in this thread, with its own scaler and pixels. */
export class OfflineModel {
  readonly #scaler: FrameScaler;
  readonly #pixels: Uint8Array;

  constructor(readonly session: ModelSession) {
    const input: ModelInput = session.manifest.input;
    this.#scaler = new FrameScaler(pixelTarget(input));
    this.#pixels = new Uint8Array(input.width * input.height * 3);
  }

  /** Throws SettingsError when there is no such package, or what refused it. */
  static async open(id: ModelId, registry: ModelRegistry): Promise<OfflineModel> {
    const known = registry.find(id);
    if (!known) throw new SettingsError(`there is no model package "${id}"; known: ${registry.summaries.map((model) => model.id).join(', ') || 'none'}`);
    if (!known.manifest) throw new SettingsError(`model package "${id}" is refused: ${known.summary.problem}`);
    // One thread: sums in another order would give other bytes.
    return new OfflineModel(await openModel(await readModelPackage(known.path), { threads: 1 }));
  }

  async run(frame: VideoFrame, crop: BoxPixels | null, lowestScore?: number): Promise<{ outputs: Awaited<ReturnType<ModelSession['run']>>; placement: Placement }> {
    const placement = this.#scaler.scaleInto(frame, crop, this.#pixels);
    return { outputs: await this.session.run(this.#pixels, 1, lowestScore), placement };
  }

  async close(): Promise<void> {
    this.#scaler.close();
    await this.session.close();
  }
}

/** A picture of a clip in this process. */
export class OfflineFrame implements FrameInHand {
  readonly ptsUs: number;
  readonly width: number;
  readonly height: number;
  readonly late = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly frame: VideoFrame,
    readonly wallMs: number,
    private readonly detector: OfflineModel,
    private readonly classifiers: ReadonlyMap<ModelId, OfflineModel>,
    private readonly tiling: TilingSettings | null = null,
  ) {
    this.ptsUs = frame.ptsUs;
    this.width = frame.width;
    this.height = frame.height;
  }

  /** One tile after the other: the pixels of one are in memory, however many there are. */
  async detect(minScore: number): Promise<Detections> {
    const views: TileDetections[] = [];
    for (const tile of tilesOf(this.tiling, this.frame, this.detector.session.manifest)) views.push({ tile, detections: await this.#detectIn(tile, minScore) });
    return mergeTileDetections(views, this.frame);
  }

  async #detectIn(tile: PictureTile, minScore: number): Promise<Detections> {
    const { outputs, placement } = await this.detector.run(this.frame, tile, minScore);
    return decodeDetections(this.detector.session.manifest, outputs, 0, placement, { minScore, frame: this.frame });
  }

  /** One after the other: models share their pixels between calls, and the order of votes is part of the result. */
  classify(request: CropRequest): Promise<SecondOpinion | null> {
    const opinion = this.#turn.then(() => this.#classify(request));
    this.#turn = opinion;
    return opinion;
  }

  async #classify(request: CropRequest): Promise<SecondOpinion | null> {
    const model = this.classifiers.get(request.model);
    if (!model) return null;
    const { outputs } = await model.run(this.frame, request.box);
    const { id, version } = model.session.manifest;
    return { classification: decodeClassification(model.session.manifest, outputs, 0), model: { id, version } };
  }
}
