import type { BoxPixels, Placement } from '@argus/contracts';
import { encodeJpeg, MotionMeter, PrivacyPainter, type PixelTarget, type VideoFrame } from '@argus/media';
import { MotionGate, Pacer } from '@argus/pipeline';
import type { StageClock } from '../../profile/stage-clock.js';
import type { PixelRing } from '../../ring/pixel-ring.js';
import type { JpegOrder, MaskOrder, OfferedFrame, SamplingSettings, SourceRef } from '../messages.js';
import { KeptFrames } from './kept-frames.js';
import type { SceneFacts } from './decode-policy.js';
import { SlotScaler } from './slot-scaler.js';

export interface SampleCounts {
  paced: number;
  still: number;
  offered: number;
  backpressure: number;
}

export interface FrameSamplerOptions {
  readonly source: SourceRef;
  readonly ring: PixelRing;
  readonly sampling: SamplingSettings;
  readonly masks: MaskOrder;
  readonly stages: StageClock;
  readonly offer: (frame: OfferedFrame) => void;
  /** Motion is to be told also where the gate does not want to know. */
  readonly marksMotion: () => boolean;
  /** Share of the picture that changed, 0..1, where it was measured and is above the gate's threshold. */
  readonly moved: (ptsUs: number, share: number) => void;
  /** Something native failed that is not the stream's fault. */
  readonly trouble: (what: string, error: unknown) => void;
}

/** Frames that main has at most at once when none may be dropped. */
const ROOM = 4;

/** Decoded frames in, due and moving ones out, scaled natively into ring slots. Counts every frame in exactly one way. */
export class FrameSampler implements SceneFacts {
  readonly counts: SampleCounts = { paced: 0, still: 0, offered: 0, backpressure: 0 };
  readonly #frames = new KeptFrames();
  readonly #scaler: SlotScaler;
  #sampling: SamplingSettings;
  #pacer: Pacer;
  #gate: MotionGate;
  #meter = new MotionMeter();
  #painter: PrivacyPainter | null = null;
  #frameNumber = 0;
  #connection = 0;
  #gotRoom: (() => void) | null = null;

  constructor(private readonly options: FrameSamplerOptions) {
    this.#sampling = options.sampling;
    options.stages.on = options.sampling.timed;
    this.#pacer = new Pacer(options.sampling.analysisFps);
    this.#gate = new MotionGate(options.sampling.gate);
    this.#scaler = new SlotScaler(options.ring, options.trouble);
    this.mask(options.masks.areas);
  }

  configure(sampling: SamplingSettings): void {
    const before = this.#sampling;
    this.#sampling = sampling;
    this.options.stages.on = sampling.timed;
    this.letGo();
    if (before.analysisFps !== sampling.analysisFps) this.#pacer.retime(sampling.analysisFps);
    if (JSON.stringify(before.gate) !== JSON.stringify(sampling.gate)) this.#gate = new MotionGate(sampling.gate);
  }

  /** A new connection: media time starts again, the old picture says nothing about motion. */
  restart(connection: number): void {
    this.#connection = connection;
    this.#frames.clear();
    this.#pacer = new Pacer(this.#sampling.analysisFps);
    this.#gate = new MotionGate(this.#sampling.gate);
    this.#meter.close();
    this.#meter = new MotionMeter();
  }

  get isWanted(): boolean {
    return this.#sampling.detector !== null;
  }

  get dueFps(): number {
    return this.#sampling.analysisFps;
  }

  get isOpen(): boolean {
    return this.#gate.isOpen;
  }

  get stillUs(): number {
    return this.#gate.stillUs;
  }

  isDue(ptsUs: number): boolean {
    return this.#pacer.isDue(ptsUs);
  }

  /** Whether a picture of this time is to be sampled; if not, it is counted. */
  wants(ptsUs: number): boolean {
    const due = this.#pacer.due(ptsUs);
    if (!due) this.counts.paced += 1;
    return due;
  }

  /** Takes over a frame that was wanted. */
  sample(frame: VideoFrame, arrivedMs: number): void {
    this.#frames.seen(frame);
    const { detector, gate } = this.#sampling;
    if (!detector) {
      this.counts.paced += 1;
      return;
    }
    const gateMs = this.options.stages.begin();
    const share = gate.enabled || this.options.marksMotion() ? this.#changedShare(frame) : 1;
    const isStill = gate.enabled && this.#gate.decide(share, frame.ptsUs) === 'still';
    this.options.stages.end('gate', gateMs);
    if (isStill) {
      this.counts.still += 1;
      return;
    }
    this.#offer(frame, detector, arrivedMs);
  }

  /** Main has as many frames as it may, and none may be dropped. */
  get isFull(): boolean {
    return this.#sampling.waitForRoom && this.#frames.count >= ROOM;
  }

  /** Resolves when main is done with a frame. */
  room(): Promise<void> {
    return new Promise((resolve) => {
      this.#gotRoom = resolve;
    });
  }

  release(frame: number): void {
    this.#frames.release(frame);
    this.letGo();
  }

  /** Ends a wait for room. */
  letGo(): void {
    this.#gotRoom?.();
    this.#gotRoom = null;
  }

  /** null: the frame is gone or no slot is free. */
  crop(frame: number, box: BoxPixels, target: PixelTarget): { slot: number; placement: Placement } | null {
    const kept = this.#frames.find(frame);
    return kept && this.#scaler.tryScale(kept, box, target);
  }

  jpeg(order: JpegOrder): Uint8Array | null {
    const frame = order.frame === null ? this.#frames.latest : this.#frames.find(order.frame);
    if (!frame) return null;
    let covered: VideoFrame | null = null;
    try {
      covered = this.#painter?.paint(frame) ?? null;
      return encodeJpeg(covered ?? frame, { crop: order.crop ?? undefined, maxWidth: order.maxWidth, quality: order.quality });
    } catch (error) {
      this.options.trouble('a picture could not be encoded', error);
      return null;
    } finally {
      covered?.free();
    }
  }

  /** What is covered in every picture that leaves. Detectors and classifiers see what the camera sees. */
  mask(areas: MaskOrder['areas']): void {
    this.#painter?.close();
    this.#painter = areas.length > 0 ? new PrivacyPainter(areas) : null;
  }

  close(): void {
    this.#frames.clear();
    this.#meter.close();
    this.#scaler.close();
    this.#painter?.close();
  }

  /** What cannot be measured counts as motion: better a picture too many than an event too few. */
  #changedShare(frame: VideoFrame): number {
    try {
      const share = this.#meter.changedShare(frame);
      // All new is what a first picture is.
      if (share >= this.#sampling.gate.threshold && share < 1) this.options.moved(frame.ptsUs, share);
      return share;
    } catch (error) {
      this.options.trouble('motion could not be measured', error);
      this.options.moved(frame.ptsUs, 1);
      return 1;
    }
  }

  #offer(frame: VideoFrame, detector: NonNullable<SamplingSettings['detector']>, arrivedMs: number): void {
    this.counts.offered += 1;
    const { source, stages } = this.options;
    const scaleMs = stages.begin();
    const cut = this.#scaler.tryScale(frame, null, detector.input);
    stages.end('scale', scaleMs);
    if (!cut) {
      this.counts.backpressure += 1;
      return;
    }
    this.#frameNumber += 1;
    this.#frames.keepLatest(this.#frameNumber);
    const { ptsUs, width, height } = frame;
    this.options.offer({ ...source, detector: detector.id, frame: this.#frameNumber, slot: cut.slot, placement: cut.placement, connection: this.#connection, ptsUs, width, height, arrivedMs, spans: stages.take() });
  }
}
