import type { LivePacket } from '@argus/contracts';

/** A packet with the wall time (monotonic ms) at which it came in. */
export interface TimedPacket extends LivePacket {
  readonly arrivedMs: number;
}

export interface PacketQueueOptions {
  /** How long pictures wait before they are shown, so that the boxes of their analysis are there in time. */
  readonly delayMs: number;
  /** Longer jumps of the media clock start a new time line (camera reconnected, clip looped, viewer fell behind). */
  readonly gapMs?: number;
  readonly maxPackets?: number;
}

/** Packets come in decoding order; B-frames make pts go back by a few pictures, which is no jump. */
const REORDER_MS = 600;

/**
 * Holds encoded packets until they are due. Waiting is done here, before the decoder, and not with decoded pictures: a
 * second of packets is half a megabyte, a second of 1080p pictures is seventy.
 *
 * A packet is due at `fastest arrival seen + its pts + delay`. Anchoring to the fastest arrival (smallest arrival minus
 * pts) removes the network's jitter; the anchor is forgotten slowly so that a clock that drifts cannot freeze the picture.
 */
export class PacketQueue {
  #packets: TimedPacket[] = [];
  #anchorMs: number | null = null;
  #lastPtsMs = 0;
  readonly #options: Required<PacketQueueOptions>;
  /** May change while packets wait. */
  delayMs: number;

  constructor(options: PacketQueueOptions) {
    this.#options = { gapMs: 2000, maxPackets: 600, ...options };
    this.delayMs = options.delayMs;
  }

  get length(): number {
    return this.#packets.length;
  }

  push(packet: TimedPacket): void {
    const ptsMs = packet.ptsUs / 1000;
    const anchor = packet.arrivedMs - ptsMs;
    const jumped = this.#anchorMs === null || ptsMs - this.#lastPtsMs > this.#options.gapMs || this.#lastPtsMs - ptsMs > REORDER_MS;
    // 0.2 % towards later arrivals per packet follows drift within seconds and hides a late packet completely.
    this.#anchorMs = jumped || this.#anchorMs === null ? anchor : Math.min(anchor, this.#anchorMs + Math.max(0, anchor - this.#anchorMs) * 0.002);
    this.#lastPtsMs = ptsMs;
    if (packet.key) this.#dropRepeated(packet);
    this.#packets.push(packet);
    if (this.#packets.length > this.#options.maxPackets) this.#dropToLastKey();
  }

  /** When the picture with this pts came in, jitter removed; null before the first packet. */
  arrivedMs(ptsUs: number): number | null {
    return this.#anchorMs === null ? null : this.#anchorMs + ptsUs / 1000;
  }

  /** When it is to be shown. */
  dueMs(ptsUs: number): number | null {
    const arrived = this.arrivedMs(ptsUs);
    return arrived === null ? null : arrived + this.delayMs;
  }

  /**
   * Packets to be decoded now, in order; `leadMs` earlier than their pictures are shown. With B-frames a picture that is
   * due may stand behind one that is not: both are needed.
   */
  takeDue(nowMs: number, leadMs: number): TimedPacket[] {
    const last = this.#packets.findLastIndex((packet) => (this.dueMs(packet.ptsUs) ?? 0) <= nowMs + leadMs);
    return this.#packets.splice(0, last + 1);
  }

  clear(): void {
    this.#packets = [];
    this.#anchorMs = null;
  }

  /** A group is sent again when the pictures have another size: it replaces what still waits of it, or its pictures would be shown twice. */
  #dropRepeated({ ptsUs }: TimedPacket): void {
    const from = this.#packets.findIndex((waiting) => waiting.key && waiting.ptsUs === ptsUs);
    if (from >= 0) this.#packets.length = from;
  }

  /** A tab that slept has more than it can show: only what follows the newest key frame is of use. */
  #dropToLastKey(): void {
    const key = this.#packets.findLastIndex((packet) => packet.key);
    this.#packets = key < 0 ? [] : this.#packets.slice(key);
  }
}
