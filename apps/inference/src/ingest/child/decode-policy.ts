import type { CameraStats, MotionGateSettings, SkipCause } from '@argus/contracts';
import { Pacer } from '@argus/pipeline';
import { LOWEST_FPS } from '../../load/lowest-fps.js';
import { PacketSizes } from './packet-sizes.js';

/** What the policy must know of a packet. */
export interface PacketFacts {
  readonly ptsUs: number;
  readonly key: boolean;
  readonly byteLength: number;
  /** No other picture refers to it. */
  readonly disposable: boolean;
}

/** What the sampler knows of the scene. */
export interface SceneFacts {
  /** False: nothing is analysed (no model); it is only seen whether pictures can be decoded. */
  readonly isWanted: boolean;
  /** So many pictures a second are due at most. */
  readonly dueFps: number;
  /** A picture of this time would be analysed. */
  isDue(ptsUs: number): boolean;
  /** Something moved within the gate's hold time, or there is no gate. */
  readonly isOpen: boolean;
  /** Media time since the last motion. */
  readonly stillUs: number;
}

/** decode: up to this packet; alone: this key frame, its successors will be left out; or why it waits. */
export type Verdict = 'decode' | 'alone' | SkipCause;

/** After motion the sizes of packets are those of a still scene again. */
const SETTLED_US = 500_000;
/** A wake-up by packet sizes that no picture bears out is over after this. */
const PROBATION_US = 700_000;
/** Sizes that missed a motion are not believed for this long, twice as long each time. */
const DOUBT_US = 30_000_000;
const MOST_DOUBT = 32;
/** After a group that could not be held, key frames are not waited for. */
const OVERFLOW_US = 60_000_000;
/** So many key frames in a row and every packet is one. */
const INTRA_RUN = 4;

/**
 * Decides for one camera which packets are decoded: while something moves, what the due pictures need; while nothing moves, key frames,
 * until the sizes of the packets between them jump; under overload the beginning of each group, and of key frames only an even share. Pure: no native code, no clock but media time.
 */
export class DecodePolicy {
  readonly #sizes = new PacketSizes();
  readonly #thinned = new Pacer(1);
  #thinnedFps = 1;
  #share = 1;
  #index = 0;
  #groupLength: number | null = null;
  #keyUs: number | null = null;
  #keyIntervalUs = 0;
  #keyBytes = 0;
  #keyRun = 0;
  #idle = false;
  #wokenUs: number | null = null;
  #doubtUntilUs = -Infinity;
  #doubts = 1;
  #overflowUs = -Infinity;
  #nowUs = -Infinity;

  constructor(
    private gate: MotionGateSettings,
    /** Pictures come out in another order than packets go in: nothing can be left to later. */
    private readonly reorders: boolean,
    /** Every picture counts: key frames alone never do. */
    private complete: boolean,
  ) {}

  get isIdle(): boolean {
    return this.#idle;
  }

  get mode(): CameraStats['decodeMode'] {
    if (this.#idle || this.#share === 0) return 'key';
    return this.#share < 1 ? 'part' : 'all';
  }

  configure(gate: MotionGateSettings, complete: boolean): void {
    this.gate = gate;
    this.complete = complete;
    if (!gate.enabled || complete) this.#idle = false;
  }

  /** How much of each group, or of a stream of key frames, may be decoded, 0..1. */
  set share(share: number) {
    this.#share = share;
  }

  arrived(packet: PacketFacts, scene: SceneFacts): Verdict {
    this.#nowUs = packet.ptsUs;
    if (packet.key) this.#startGroup(packet);
    else this.#index += 1;
    if (!scene.isWanted) return packet.key ? 'alone' : 'not-due';
    if (this.#probationIsOver(scene)) this.#fallAsleep(scene);
    if (this.#idle) return this.#whileIdle(packet, scene);
    if (!packet.key && scene.stillUs > SETTLED_US) this.#sizes.learn(packet.byteLength);
    const due = scene.isDue(packet.ptsUs);
    if (packet.key) return due ? this.#verdictOnKey(packet, scene) : 'not-due';
    if (this.#share < 1 && this.#index >= this.#limit()) return 'shed';
    return due || (this.reorders && !packet.disposable) ? 'decode' : 'not-due';
  }

  /** A picture was looked at: the scene may have come to rest or to life. */
  looked(scene: SceneFacts): void {
    if (scene.isOpen) {
      if (this.#idle) this.#missed();
      else if (this.#wokenUs !== null) this.#doubts = Math.max(1, this.#doubts / 2);
      this.#idle = false;
      this.#wokenUs = null;
    } else if (!this.#idle && this.#wokenUs === null) this.#fallAsleep(scene);
  }

  /** The running group could not be held: key frames are too far apart to wait for them. */
  overflowed(): void {
    this.#overflowUs = this.#nowUs;
    this.#idle = false;
  }

  restart(): void {
    this.#sizes.restart();
    this.#idle = false;
    this.#wokenUs = this.#keyUs = this.#groupLength = null;
    this.#keyIntervalUs = this.#keyRun = this.#index = 0;
    this.#doubtUntilUs = this.#overflowUs = -Infinity;
  }

  #whileIdle(packet: PacketFacts, scene: SceneFacts): Verdict {
    if (packet.key) {
      if (!scene.isDue(packet.ptsUs)) return 'not-due';
      return this.#isIntra ? this.#verdictOnKey(packet, scene) : 'alone';
    }
    if (!this.#sizes.jumped(packet.byteLength)) {
      this.#sizes.learn(packet.byteLength);
      return 'idle';
    }
    if (this.#share < 1 && this.#index >= this.#limit()) return 'shed';
    this.#idle = false;
    this.#wokenUs = packet.ptsUs;
    return 'decode';
  }

  #probationIsOver(scene: SceneFacts): boolean {
    if (this.#wokenUs === null || scene.isOpen || this.#nowUs - this.#wokenUs < PROBATION_US) return false;
    this.#sizes.falseAlarm();
    return true;
  }

  #fallAsleep(scene: SceneFacts): void {
    this.#wokenUs = null;
    const { enabled, stillIntervalSeconds } = this.gate;
    const keysSuffice = this.#keyIntervalUs > 0 && this.#keyIntervalUs <= stillIntervalSeconds * 1e6 && this.#nowUs - this.#overflowUs > OVERFLOW_US;
    // An overloaded machine takes the risk of seeing a motion at the next key frame only; that is the rule by which still scenes give way.
    const mayRest = this.#share < 1 || (this.#sizes.tell(this.#keyBytes) && this.#nowUs >= this.#doubtUntilUs);
    this.#idle = enabled && !this.complete && !scene.isOpen && !this.#isIntra && keysSuffice && mayRest;
  }

  /** A key frame showed motion of which the sizes had said nothing: for a while everything is decoded. */
  #missed(): void {
    this.#doubtUntilUs = this.#nowUs + DOUBT_US * this.#doubts;
    this.#doubts = Math.min(MOST_DOUBT, this.#doubts * 2);
  }

  #startGroup({ ptsUs, byteLength }: PacketFacts): void {
    this.#keyBytes = byteLength;
    const wasKey = this.#index === 0 && this.#keyUs !== null;
    this.#keyRun = wasKey ? this.#keyRun + 1 : 0;
    if (this.#keyUs !== null && ptsUs > this.#keyUs) {
      this.#groupLength = Math.max(this.#index + 1, Math.round(0.75 * (this.#groupLength ?? 0)));
      this.#keyIntervalUs = Math.max(ptsUs - this.#keyUs, 0.75 * this.#keyIntervalUs);
    }
    this.#keyUs = ptsUs;
    this.#index = 0;
  }

  get #isIntra(): boolean {
    return this.#keyRun >= INTRA_RUN;
  }

  /**
   * A group's key frame always. Where every packet is one a group has no rest that could be left out: what is due is thinned instead, evenly,
   * to the rate that a group's share comes to in the mean.
   */
  #verdictOnKey({ ptsUs }: PacketFacts, { dueFps }: SceneFacts): Verdict {
    if (this.#share === 1 || !this.#isIntra) return 'decode';
    const fps = Math.max(Math.min(dueFps, LOWEST_FPS), this.#share * Math.min(dueFps, 1e6 / this.#keyIntervalUs));
    if (fps !== this.#thinnedFps) this.#thinned.retime(fps);
    this.#thinnedFps = fps;
    return this.#thinned.due(ptsUs) ? 'decode' : 'shed';
  }

  /** Packets of a group that may be decoded; the key frame always. */
  #limit(): number {
    if (this.#groupLength === null) return this.#share === 0 ? 1 : Infinity;
    return Math.max(1, Math.round(this.#share * this.#groupLength));
  }
}
