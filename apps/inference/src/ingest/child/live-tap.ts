import { encodeLivePacket, type CameraId } from '@argus/contracts';
import type { MediaPacket } from '@argus/media';
import type { PacketGroup } from './packet-group.js';

const CAMERA_ID_BYTES = 16;

/** False: it could not be taken, the reader is behind. */
export type PacketSink = (key: boolean, data: Uint8Array) => boolean;

/** Packets for live view: a new viewer sees the running group at once and whole. Copies and sends only while somebody watches. */
export class LiveTap {
  #watched = false;
  /** The reader fell behind: what follows is of no use to it before the next key frame. */
  #waitsForKey = false;
  readonly #cameraId: Uint8Array;

  constructor(
    cameraId: CameraId,
    private readonly group: PacketGroup,
    private readonly sink: PacketSink,
  ) {
    this.#cameraId = Buffer.from(cameraId.replaceAll('-', ''), 'hex');
  }

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
