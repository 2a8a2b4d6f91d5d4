import type { MediaPacket } from '@argus/media';
import { framedPacket, type FramedStream } from './framed-packet.js';
import type { PacketGroup } from './packet-group.js';

/** False: it could not be taken, the reader is behind. */
export type PacketSink = (key: boolean, data: Uint8Array) => boolean;

/** Packets for live view: a new viewer sees the running group at once and whole. Copies and sends only while somebody watches. */
export class LiveTap {
  #watched = false;
  /** The reader fell behind: what follows is of no use to it before the next key frame. */
  #waitsForKey = false;

  constructor(
    private readonly of: FramedStream,
    private readonly group: PacketGroup,
    private readonly sink: PacketSink,
  ) {}

  watch(on: boolean): void {
    const isNew = on && !this.#watched;
    this.#watched = on;
    if (isNew) this.repeat();
  }

  /** The running group from its key frame on, for viewers that begin anew. */
  repeat(): void {
    if (!this.#watched) return;
    this.#waitsForKey = !this.group.isOpen;
    for (const { packet } of this.group.packets) this.#send(packet);
  }

  /** A packet that is not in the group yet. It still belongs to the caller. */
  show(packet: MediaPacket): void {
    if (this.#watched) this.#send(packet);
  }

  #send(packet: MediaPacket): void {
    if (this.#waitsForKey && !packet.key) return;
    const data = this.#framed(packet);
    this.#waitsForKey = data === null || !this.sink(packet.key, data);
  }

  /** null: the packet is too damaged to be sent. */
  #framed(packet: MediaPacket): Uint8Array | null {
    try {
      return framedPacket(this.of, { key: packet.key, ptsUs: packet.ptsUs, data: packet.toAnnexB() });
    } catch {
      // The decoder has counted it as damaged; viewers go on at the next key frame.
      return null;
    }
  }
}
