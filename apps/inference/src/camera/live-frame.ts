import type { BoxPixels, Detections, ModelId } from '@argus/contracts';
import { decodeClassification, decodeDetections } from '@argus/models';
import type { CropRequest } from '@argus/pipeline';
import { ModelUnavailableError } from '../errors.js';
import type { IngestProcess } from '../ingest/ingest-process.js';
import type { OfferedFrame } from '../ingest/messages.js';
import type { PooledModel } from '../models/model-pool.js';
import { pixelTarget } from '../models/pixel-target.js';
import type { FrameInHand, SecondOpinion } from '../pipeline.js';
import { slotOffset } from '../ring/pixel-ring.js';

export interface LiveFrameOptions {
  readonly offered: OfferedFrame;
  /** The child that holds its native picture and the slot with its pixels. */
  readonly process: IngestProcess;
  readonly detector: PooledModel;
  readonly findModel: (id: ModelId) => PooledModel | null;
}

/** A picture whose pixels are in an ingest child: models read slots of its ring, crops and JPEGs are cut there on request. */
export class LiveFrame implements FrameInHand {
  readonly ptsUs: number;
  readonly wallMs: number;
  readonly width: number;
  readonly height: number;
  #slotTaken = true;
  #kept = true;

  constructor(private readonly options: LiveFrameOptions) {
    const { ptsUs, arrivedMs, width, height } = options.offered;
    this.ptsUs = ptsUs;
    this.wallMs = arrivedMs;
    this.width = width;
    this.height = height;
  }

  async detect(minScore: number): Promise<Detections> {
    const { offered, process, detector } = this.options;
    try {
      const outputs = await detector.lane.run({ kind: 'file', path: process.ringPath, offset: slotOffset(offered.slot) });
      return decodeDetections(detector.manifest, outputs, 0, offered.placement, { minScore, frame: offered });
    } finally {
      this.#freeSlot();
    }
  }

  async classify(request: CropRequest): Promise<SecondOpinion | null> {
    const model = this.options.findModel(request.model);
    if (!model?.lane.ready) return null;
    const { offered, process } = this.options;
    const cut = await process.crop(offered, offered.frame, request.box, pixelTarget(model.manifest.input));
    if (!cut) return null;
    try {
      const outputs = await model.lane.run({ kind: 'file', path: process.ringPath, offset: slotOffset(cut.slot) });
      const { id, version } = model.manifest;
      return { classification: decodeClassification(model.manifest, outputs, 0), model: { id, version } };
    } catch (error) {
      // The lane has said why and replaces its worker; the voter asks again at a later picture.
      if (error instanceof ModelUnavailableError) return null;
      throw error;
    } finally {
      process.send({ type: 'free', slot: cut.slot });
    }
  }

  /** null when the child is gone. */
  jpeg(crop: BoxPixels | null, maxWidth: number): Promise<Uint8Array | null> {
    const { offered, process } = this.options;
    return process.jpeg(offered, { frame: offered.frame, crop, maxWidth, quality: 82 });
  }

  /** Lets the native picture and an unread slot go; nothing can be asked of it afterwards. */
  release(): void {
    this.#freeSlot();
    if (!this.#kept) return;
    this.#kept = false;
    const { cameraId, run, frame } = this.options.offered;
    this.options.process.send({ type: 'release', cameraId, run, frame });
  }

  #freeSlot(): void {
    if (!this.#slotTaken) return;
    this.#slotTaken = false;
    this.options.process.send({ type: 'free', slot: this.options.offered.slot });
  }
}
