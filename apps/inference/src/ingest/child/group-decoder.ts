import { VideoDecoder, type MediaPacket, type MediaSource, type VideoFrame } from '@argus/media';
import type { StageClock } from '../../profile/stage-clock.js';
import type { PixelRing } from '../../ring/pixel-ring.js';
import type { DecodePolicy } from './decode-policy.js';
import { DecodeTurns } from './decode-turns.js';
import type { FrameSampler } from './frame-sampler.js';
import type { HeldPacket, PacketGroup } from './packet-group.js';
import type { PacketLedger } from './packet-ledger.js';

export interface GroupDecoderOptions {
  readonly source: MediaSource;
  readonly hardware: boolean;
  readonly group: PacketGroup;
  readonly policy: Pick<DecodePolicy, 'arrived' | 'looked' | 'overflowed' | 'isIdle'>;
  readonly sampler: FrameSampler;
  readonly ledger: PacketLedger;
  readonly stages: StageClock;
  readonly turns: DecodeTurns;
  readonly ring: PixelRing;
  /** Number written to the ring while native code works for this camera. */
  readonly blameNumber: number;
  readonly isStopped: () => boolean;
  /** `newest`: the last one of those that are looked at; null: none of them is. */
  readonly onPicture: (newest: VideoFrame | null) => void;
}

/**
 * One connection's packets on their way to pictures. They wait in the running group until the policy wants a picture, then are decoded
 * up to it in one go, in slices: measured, bursts of ten cost a fifth less than one at a time, because the caches stay warm, and what
 * no picture needs is never decoded.
 */
export class GroupDecoder {
  readonly #decoder: VideoDecoder;
  /** The newest picture that was looked at. */
  #sampledUs = -Infinity;
  /** Pictures of the packet in hand that count as decoded. */
  #pictures = 0;
  #isReplay = false;
  #unanswered = 0;

  constructor(private readonly options: GroupDecoderOptions) {
    this.#decoder = new VideoDecoder(options.source, options.hardware);
  }

  /** What decodes; null before the first picture. */
  get name(): string | null {
    return this.#decoder.name;
  }

  /** Packets that the decoder was given since its last picture. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** Takes the packet over. Resolves when it is decoded, if it is to be; null: it waits or is left out. */
  take(packet: MediaPacket, arrivedMs: number): Promise<void> | null {
    const { group, policy, sampler } = this.options;
    if (packet.key) this.#settleRest();
    const verdict = policy.arrived(packet, sampler);
    const isWanted = verdict === 'decode' || verdict === 'alone';
    const held: HeldPacket = { packet, arrivedMs, cause: isWanted ? 'not-due' : verdict, isCounted: false, isPassedOver: false };
    if ((!packet.key && !group.isOpen) || !group.hasRoomFor(packet)) return this.#passThrough(held, isWanted);
    group.add(held);
    // Its fate is known, unless something wakes the camera up.
    if (verdict === 'idle') this.#count(held);
    // Where everything is decoded as it comes, this one is passed over for good.
    if (verdict === 'not-due' && this.options.source.reorders) {
      this.#count(held);
      held.isPassedOver = true;
    }
    if (verdict === 'alone') return this.#inTurn(() => this.#decodeAlone(held));
    return isWanted ? this.#decodeTo(group.packets.length) : null;
  }

  /** The stream ended: the pictures that the decoder has held back are the last ones. */
  finish(): Promise<void> {
    const arrivedMs = Date.now();
    return this.#inTurn(() => {
      this.#isReplay = false;
      this.#pictures = 0;
      const frames = this.#decoder.flush(this.#wants);
      this.options.ledger.addHeld(this.#pictures);
      for (const frame of frames) this.options.sampler.sample(frame, arrivedMs);
    });
  }

  /** The connection ended: what waited will not be decoded. */
  close(): void {
    this.#settleRest();
    this.options.ledger.dropHeld();
    this.#decoder.close();
  }

  /** A new group begins: what still waits of the old one was needed by no picture. */
  #settleRest(): void {
    const { group } = this.options;
    if (group.decoded < group.packets.length) this.#decoder.missed();
    for (const held of group.packets.slice(group.decoded)) this.#count(held);
    group.clear();
  }

  #count(held: HeldPacket): void {
    if (!held.isCounted) this.options.ledger.skip(held.cause);
    held.isCounted = true;
  }

  /** A packet of a group that is not held: decoded at once or not at all. */
  async #passThrough(held: HeldPacket, isWanted: boolean): Promise<void> {
    const { group, policy } = this.options;
    if (group.isOpen) {
      policy.overflowed();
      if (isWanted || held.cause === 'not-due') await this.#decodeTo(group.packets.length);
      this.#settleRest();
    }
    if (isWanted || held.cause === 'not-due') await this.#inTurn(() => this.#decode(held));
    else {
      this.#decoder.missed();
      this.#count(held);
    }
    held.packet.free();
  }

  async #decodeTo(end: number): Promise<void> {
    const { group, sampler, isStopped } = this.options;
    // The decoder was emptied after the key frame: what was decoded of this group is needed again, as references.
    if (!this.#decoder.canContinue) group.decoded = 0;
    while (group.decoded < end && !isStopped()) {
      await this.#inTurn(() => this.#slice(end));
      if (sampler.isFull) await sampler.room();
    }
  }

  /** As many packets as fit in a slice; a heavy one is a slice of its own. */
  #slice(end: number): void | Promise<void> {
    const { group, sampler } = this.options;
    const untilMs = performance.now() + DecodeTurns.SLICE_MS;
    do {
      const held = group.packets[group.decoded];
      group.decoded += 1;
      const going = held && !held.isPassedOver ? this.#decode(held) : undefined;
      if (going) return going;
    } while (group.decoded < end && !sampler.isFull && performance.now() < untilMs);
  }

  #inTurn(work: () => void | Promise<void>): Promise<void> {
    const { turns, ring, blameNumber } = this.options;
    return turns.take(() => {
      ring.blame(blameNumber);
      const going = work();
      if (going) return going.finally(() => ring.blame(0));
      ring.blame(0);
    });
  }

  async #decodeAlone(held: HeldPacket): Promise<void> {
    this.options.group.decoded = 1;
    await this.#decode(held, true);
    // The scene is still: its decoder with a handful of pictures is given back until something moves.
    if (this.options.policy.isIdle) this.#decoder.rest();
  }

  /** What would hold up the loop goes on in a native thread. */
  #decode(held: HeldPacket, alone = false): void | Promise<void> {
    const settle = this.#begin(held);
    const { packet } = held;
    if (this.#decoder.isHeavy(packet)) return (alone ? this.#decoder.decodeAloneAside(packet, this.#wants) : this.#decoder.decodeAside(packet, this.#wants)).then(settle, () => settle(null));
    let frames: readonly VideoFrame[] | null = null;
    try {
      frames = alone ? this.#decoder.decodeAlone(packet, this.#wants) : this.#decoder.decode(packet, this.#wants);
    } catch {
      // Damage is a matter of counting here; a stream that is nothing but damage is given up by the camera's source.
    }
    settle(frames);
  }

  /** Gives what is to be done with the pictures of the packet; null: it could not be decoded. */
  #begin(held: HeldPacket): (frames: readonly VideoFrame[] | null) => void {
    const { ledger, sampler, policy, stages, onPicture } = this.options;
    const { counts } = this.#decoder;
    const { pictures, damaged, keyWait } = counts;
    this.#isReplay = held.isCounted;
    this.#pictures = 0;
    this.#unanswered += 1;
    const beginMs = stages.begin();
    return (frames) => {
      stages.end('decode', beginMs, true);
      if (!held.isCounted && frames === null) ledger.failed();
      else if (!held.isCounted) ledger.add(this.#pictures, counts.damaged - damaged, counts.keyWait - keyWait);
      held.isCounted = true;
      if (counts.pictures > pictures) {
        this.#unanswered = 0;
        onPicture(frames?.at(-1) ?? null);
      }
      for (const frame of frames ?? []) sampler.sample(frame, held.arrivedMs);
      if (frames !== null && frames.length > 0) policy.looked(sampler);
    };
  }

  /** A picture that was left out before counts only when it is looked at after all. */
  readonly #wants = (ptsUs: number): boolean => {
    const { sampler, ledger } = this.options;
    if (this.#isReplay) {
      if (ptsUs <= this.#sampledUs || !sampler.isDue(ptsUs)) return false;
      ledger.madeUpFor();
    } else this.#pictures += 1;
    const wanted = sampler.wants(ptsUs);
    if (wanted) this.#sampledUs = ptsUs;
    return wanted;
  };
}
