import type { SkipCause } from '@argus/contracts';
import type { MediaPacket } from '@argus/media';

/** What one camera may hold: four seconds of a 4K camera, sixteen of a usual one. A longer group is not held. */
const MAX_BYTES = 8 * 1024 * 1024;
const MAX_PACKETS = 600;

export interface HeldPacket {
  readonly packet: MediaPacket;
  /** Wall time at which it came. */
  readonly arrivedMs: number;
  /** Why it waits undecoded. */
  cause: SkipCause;
  /** Its fate has been counted: decoded, or skipped. */
  isCounted: boolean;
  /** Nothing refers to it, and it will not be decoded. */
  isPassedOver: boolean;
}

/**
 * The running group of pictures of one camera, from its key frame on, as native packets (no copy): for new viewers, who see a picture
 * at once and whole, and for decoding that waits until a picture is needed. Bounded; a group that grows too large is let go.
 */
export class PacketGroup {
  readonly packets: HeldPacket[] = [];
  /** Index of the first packet that the decoder has not got. */
  decoded = 0;
  #bytes = 0;

  /** False before the first key frame and after a group became too large: until the next key frame nothing is held. */
  get isOpen(): boolean {
    return this.packets.length > 0;
  }

  hasRoomFor(packet: MediaPacket): boolean {
    return this.packets.length < MAX_PACKETS && this.#bytes + packet.byteLength <= MAX_BYTES;
  }

  /** Takes the packet over: it is freed here, later. */
  add(held: HeldPacket): void {
    this.packets.push(held);
    this.#bytes += held.packet.byteLength;
  }

  clear(): void {
    for (const { packet } of this.packets) packet.free();
    this.packets.length = 0;
    this.decoded = 0;
    this.#bytes = 0;
  }
}
