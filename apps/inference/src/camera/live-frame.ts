import type { BoxPixels, Detections, ModelId, TilingSettings } from '@argus/contracts';
import { machineMs, type Clock } from '@argus/kernel';
import type { DetectionView, PictureResult } from '@argus/models';
import { mergeTileDetections, type CropRequest } from '@argus/pipeline';
import { ModelUnavailableError } from '../errors.js';
import type { ConnectionRef } from '../footage/seen-pictures.js';
import type { IngestProcess } from '../ingest/ingest-process.js';
import type { OfferedFrame, StreamMoment } from '../ingest/messages.js';
import type { PooledModel } from '../models/model-pool.js';
import { pixelTarget } from '../models/pixel-target.js';
import { tilesOf } from '../models/tiles-of.js';
import type { FrameInHand, SecondOpinion } from '../pipeline.js';
import type { FrameTimeline } from '../profile/frame-timeline.js';
import { slotOffset } from '../ring/pixel-ring.js';
import { lookAtTiles, type Cut } from './look-at-tiles.js';

export interface LiveFrameOptions {
  readonly offered: OfferedFrame;
  /** The child that holds its native picture and the slot with its pixels. */
  readonly process: IngestProcess;
  readonly detector: PooledModel;
  readonly findModel: (id: ModelId) => PooledModel | null;
  readonly tiling: TilingSettings | null;
  /** Monotonic; nobody wants its result afterwards. */
  readonly deadlineMs: number;
  readonly clock: Clock;
  /** null: nobody wants to know what it goes through. */
  readonly timeline: FrameTimeline | null;
}

/** A picture whose pixels are in an ingest child: models read slots of its ring, crops and JPEGs are cut there on request. */
export class LiveFrame implements FrameInHand {
  readonly ptsUs: number;
  readonly wallMs: number;
  readonly width: number;
  readonly height: number;
  readonly timeline: FrameTimeline | null;
  #slotTaken = true;
  #kept = true;

  constructor(private readonly options: LiveFrameOptions) {
    const { ptsUs, arrivedMs, width, height } = options.offered;
    this.ptsUs = ptsUs;
    this.wallMs = arrivedMs;
    this.width = width;
    this.height = height;
    this.timeline = options.timeline;
  }

  /** The same moment on the main stream; null: there is none beside the analysed one, or it is not open. */
  get onMain(): StreamMoment | null {
    return this.options.offered.onMain ?? null;
  }

  /** Which run and connection of its source it came on. */
  get from(): ConnectionRef {
    return this.options.offered;
  }

  get late(): boolean {
    return this.options.clock.monotonicMs() > this.options.deadlineMs;
  }

  async detect(minScore: number): Promise<Detections> {
    const { offered, detector } = this.options;
    this.timeline?.turn();
    try {
      return await this.#look(detector, offered, minScore);
    } finally {
      this.#freeSlot();
    }
  }

  /** The same picture through another detector; null when it is gone, late, or there is no room for it. */
  async detectWith(model: PooledModel, minScore: number): Promise<Detections | null> {
    const { width, height } = this;
    const cut = await this.#cut({ x: 0, y: 0, width, height }, model);
    if (!cut) return null;
    try {
      const found = await this.#look(model, cut, minScore);
      return this.late ? null : found;
    } finally {
      this.#give(cut.slot);
    }
  }

  async classify(request: CropRequest): Promise<SecondOpinion | null> {
    const model = this.options.findModel(request.model);
    if (!model?.lane.ready) return null;
    const askedMs = this.timeline ? machineMs() : 0;
    const cut = await this.#cut(request.box, model);
    if (!cut) return null;
    try {
      const result = await this.#ask(model, cut.slot, null);
      const { id, version } = model.manifest;
      return result.kind === 'classification' ? { classification: result.classification, model: { id, version } } : null;
    } catch (error) {
      // The lane has said why and replaces its session; the voter asks again at a later picture.
      if (error instanceof ModelUnavailableError) return null;
      throw error;
    } finally {
      this.timeline?.span('classify', askedMs, machineMs(), { attribute: request.attribute });
      this.#give(cut.slot);
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
    this.options.process.release(this.options.offered);
  }

  /** Through a detector, with the tiles that the pipeline asks for. `whole`: the whole picture, scaled already. Of no use when it became late meanwhile. */
  async #look(model: PooledModel, whole: Cut, minScore: number): Promise<Detections> {
    const tiles = tilesOf(this.options.tiling, this, model.manifest);
    const ask = async ({ slot, placement }: Cut): Promise<Detections> => detectionsOf(await this.#ask(model, slot, { placement, frame: { width: this.width, height: this.height }, minScore }));
    // Asked before anything is waited for: the dispatcher counts on it.
    const first = tiles[0] === null ? ask(whole).then((detections) => [{ tile: null, detections }]) : [];
    const others = lookAtTiles({
      tiles: tiles.filter((tile) => tile !== null),
      atOnce: Math.max(1, model.lane.places),
      cut: (tile) => this.#cut(tile, model),
      ask,
      free: (slot) => this.#give(slot),
      isOver: () => this.late,
    });
    // Both are waited for even when one fails: slots that are read must not be written.
    await Promise.allSettled([first, others]);
    return mergeTileDetections([...(await first), ...(await others)], this);
  }

  #ask(model: PooledModel, slot: number, view: DetectionView | null): Promise<PictureResult> {
    const pixels = { kind: 'file', path: this.options.process.ringPath, offset: slotOffset(slot) } as const;
    return model.lane.ask({ pixels, view }, this.options.deadlineMs, this.timeline);
  }

  #cut(box: BoxPixels, { manifest }: PooledModel): ReturnType<IngestProcess['crop']> {
    const { offered, process } = this.options;
    const { cameraId, run, frame } = offered;
    return process.crop({ cameraId, run, frame, box, target: pixelTarget(manifest.input) });
  }

  #freeSlot(): void {
    if (!this.#slotTaken) return;
    this.#slotTaken = false;
    this.#give(this.options.offered.slot);
  }

  #give(slot: number): void {
    this.options.process.free(slot);
  }
}

function detectionsOf(result: PictureResult): Detections {
  if (result.kind !== 'detections') throw new ModelUnavailableError(`expected detections from a detector, got a ${result.kind}`);
  return result.detections;
}
