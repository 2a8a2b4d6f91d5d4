import { encodeLivePacket, type CameraId } from '@argus/contracts';
import type { MediaPacket } from '@argus/media';

/** Longest group of pictures that is kept for new viewers; longer ones are dropped and the viewer waits for a key frame. */
const MAX_GROUP_BYTES = 8 * 1024 * 1024;
const MAX_GROUP_PACKETS = 600;
const CAMERA_ID_BYTES = 16;

/** False: it could not be taken, the reader is behind. */
export type PacketSink = (key: boolean, data: Uint8Array) => boolean;

/**
 * Packets for live view. Always holds the running group of pictures, from its key frame on, as native packets (no copy), so that
 * a new viewer sees a picture at once and whole; copies and sends only while somebody watches.
 */
export class LiveTap {
  #group: MediaPacket[] = [];
  #groupBytes = 0;
  #watched = false;
  /** The reader fell behind: what follows is of no use to it before the next key frame. */
  #waitsForKey = false;
  readonly #cameraId: Uint8Array;

  constructor(
    cameraId: CameraId,
    private readonly sink: PacketSink,
  ) {
    this.#cameraId = Buffer.from(cameraId.replaceAll('-', ''), 'hex');
  }

  watch(on: boolean): void {
    if (on && !this.#watched) for (const packet of this.#group) this.#send(packet);
    this.#watched = on;
  }

  /** Takes the packet over: it is freed here, later. */
  take(packet: MediaPacket): void {
    if (packet.key) this.clear();
    if (this.#watched) this.#send(packet);
    const isStart = packet.key || this.#group.length > 0;
    if (!isStart || this.#group.length >= MAX_GROUP_PACKETS || this.#groupBytes + packet.byteLength > MAX_GROUP_BYTES) {
      packet.free();
      this.clear();
      return;
    }
    this.#group.push(packet);
    this.#groupBytes += packet.byteLength;
  }

  clear(): void {
    for (const packet of this.#group) packet.free();
    this.#group = [];
    this.#groupBytes = 0;
  }

  #send(packet: MediaPacket): void {
    if (this.#waitsForKey && !packet.key) return;
    const data = this.#framed(packet);
    this.#waitsForKey = data === null || !this.sink(packet.key, data);
  }

  /** null: the packet is too damaged to be sent. */
  #framed(packet: MediaPacket): Uint8Array | null {
    try {
      const body = encodeLivePacket({ key: packet.key, ptsUs: packet.ptsUs, data: packet.toAnnexB() });
      const data = new Uint8Array(CAMERA_ID_BYTES + body.byteLength);
      data.set(this.#cameraId);
      data.set(body, CAMERA_ID_BYTES);
      return data;
    } catch {
      // The decoder has counted it as damaged; viewers go on at the next key frame.
      return null;
    }
  }
}
