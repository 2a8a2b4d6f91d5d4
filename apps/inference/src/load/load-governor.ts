import { PRIORITIES, type CameraId, type LoadStats, type ModelId, type Priority } from '@argus/contracts';
import type { Grant } from '../camera/camera-runtime.js';
import { LOWEST_FPS } from './lowest-fps.js';
import { shareOut } from './share-out.js';

/** One camera since the last look. */
export interface CameraLoad {
  readonly cameraId: CameraId;
  readonly detector: ModelId;
  readonly priority: Priority;
  readonly weight: number;
  /** Runs of the detector that one picture takes. */
  readonly cost: number;
  /** Analysed pictures per second that it would like, and those that it offered. */
  readonly wishedFps: number;
  readonly offeredFps: number;
}

/** What a detector's sessions can serve, pictures per second as things are; null: not known yet. */
export type Capacities = ReadonlyMap<ModelId, number | null>;

/** Of what the sessions can serve so much is given out: a little too much, so that none waits for a picture; what is too much is overwritten by a fresher one. */
const USED_SHARE = 1.05;
/** What a still scene may want more than it wanted, pictures per second: little, because there may be many of them. */
const SPARE_FPS = 0.05;
/** A camera that offers nearly what it may would offer more. */
const EAGER_SHARE = 0.75;
/** Where cameras get less than this share of their wish, decoding what is never analysed is the greater waste. */
const LEAN_SHARE = 0.5;
const RICH_SHARE = 0.85;
const LEAST_DECODED = 0.1;
/** Measured rates swing; what was granted is moved by so much of the difference at a time. */
const STEP = 0.5;
const EASE: Grant = { fps: Infinity, decodeShare: 1 };

/**
 * Decides what each camera may take of a machine that cannot serve all. First the rate goes down, class by class from the lowest, by weight
 * within a class. When even then little of what is decoded is analysed, the rest of each group of pictures is left undecoded.
 */
export class LoadGovernor {
  readonly #grants = new Map<CameraId, Grant>();
  readonly #rates = new Map<CameraId, number>();
  readonly #demands = new Map<CameraId, number>();
  #decodeShare = 1;
  #granted: LoadStats['granted'] = { critical: 1, normal: 1, low: 1 };

  get shedding(): LoadStats['shedding'] {
    if ([...this.#grants.values()].some((grant) => grant.decodeShare < 1)) return 'decode';
    return PRIORITIES.some((priority) => this.#granted[priority] < 0.99) ? 'rate' : 'none';
  }

  /** Share of what it wants that each class gets. */
  get granted(): LoadStats['granted'] {
    return this.#granted;
  }

  grantOf(cameraId: CameraId): Grant {
    return this.#grants.get(cameraId) ?? EASE;
  }

  /** Looks at the last second; `grantOf` tells what follows from it. */
  decide(cameras: readonly CameraLoad[], capacities: Capacities): void {
    this.#forgetOthers(new Set(cameras.map((camera) => camera.cameraId)));
    for (const [model, capacity] of capacities) this.#rate(cameras.filter((camera) => camera.detector === model), capacity);
    this.#granted = { critical: this.#grantedTo(cameras, 'critical'), normal: this.#grantedTo(cameras, 'normal'), low: this.#grantedTo(cameras, 'low') };
    this.#adjustDecoding(cameras);
    for (const camera of cameras) {
      const grant = this.#grantFor(camera);
      if (!isAlike(grant, this.grantOf(camera.cameraId))) this.#grants.set(camera.cameraId, grant);
    }
  }

  #rate(cameras: readonly CameraLoad[], capacity: number | null): void {
    const demands = cameras.map((camera) => ({ ...camera, demand: this.#demandOf(camera) }));
    const total = demands.reduce((sum, { demand, cost }) => sum + demand * cost, 0);
    const isEnough = capacity === null || total <= capacity * USED_SHARE;
    const shares = isEnough ? new Map<CameraId, number>() : shareOut(demands, capacity * USED_SHARE, LOWEST_FPS);
    for (const { cameraId, demand } of demands) {
      this.#demands.set(cameraId, demand);
      const [before, wanted] = [this.#rates.get(cameraId), shares.get(cameraId) ?? Infinity];
      const isStep = before !== undefined && Number.isFinite(before) && Number.isFinite(wanted);
      this.#rates.set(cameraId, isStep ? before + STEP * (wanted - before) : wanted);
    }
  }

  /** What it would offer if it were let: all of its wish when it uses what it may, else what it offers and some more (a still scene). */
  #demandOf({ cameraId, wishedFps, offeredFps }: CameraLoad): number {
    const { fps, decodeShare } = this.grantOf(cameraId);
    const may = Math.min(wishedFps, fps) * decodeShare;
    return offeredFps >= may * EAGER_SHARE ? wishedFps : Math.min(wishedFps, offeredFps * 1.25 + SPARE_FPS);
  }

  #adjustDecoding(cameras: readonly CameraLoad[]): void {
    const share = this.#shareOf(cameras);
    // Of what is decoded so much is analysed: thinning goes on until it is worth decoding.
    if (share < LEAN_SHARE * this.#decodeShare) this.#decodeShare = Math.max(LEAST_DECODED, this.#decodeShare * 0.85);
    else if (share > RICH_SHARE * this.#decodeShare) this.#decodeShare = Math.min(1, this.#decodeShare * 1.1);
  }

  /**
   * Classes that get most of what they want are decoded whole: only lean ones are thinned out. A still scene, which gets the little that it
   * wants, is not held to that rate, or its first second of motion would be lost.
   */
  #grantFor({ cameraId, wishedFps, priority }: CameraLoad): Grant {
    const rate = this.#rates.get(cameraId) ?? Infinity;
    const decodeShare = this.#granted[priority] >= RICH_SHARE ? 1 : this.#decodeShare;
    const isContent = rate >= (this.#demands.get(cameraId) ?? wishedFps) * 0.999;
    if (isContent) return decodeShare === 1 ? EASE : { fps: wishedFps, decodeShare };
    return { fps: Math.min(wishedFps, rate / decodeShare), decodeShare };
  }

  #grantedTo(cameras: readonly CameraLoad[], priority: Priority): number {
    return this.#shareOf(cameras.filter((camera) => camera.priority === priority));
  }

  /** How much of what they want these cameras get, 0..1. */
  #shareOf(cameras: readonly CameraLoad[]): number {
    const wantedOf = ({ cameraId, wishedFps }: CameraLoad): number => this.#demands.get(cameraId) ?? wishedFps;
    const wanted = cameras.reduce((sum, camera) => sum + wantedOf(camera), 0);
    return wanted === 0 ? 1 : cameras.reduce((sum, camera) => sum + Math.min(wantedOf(camera), this.#rates.get(camera.cameraId) ?? Infinity), 0) / wanted;
  }

  #forgetOthers(known: ReadonlySet<CameraId>): void {
    for (const ids of [this.#grants, this.#rates, this.#demands]) for (const id of ids.keys()) if (!known.has(id)) ids.delete(id);
  }
}

/** Small changes are not worth a message. */
function isAlike(a: Grant, b: Grant): boolean {
  const sameRate = a.fps === b.fps || Math.abs(a.fps - b.fps) < 0.05 * Math.min(a.fps, b.fps);
  return sameRate && Math.abs(a.decodeShare - b.decodeShare) < 0.04 && (a.decodeShare === 1) === (b.decodeShare === 1);
}
