import { KEY_FLAG, VIEWER_BUFFER_BYTES } from './viewer-queue.js';

/**
 * The packets of a camera since its last key frame: what a viewer who comes later needs to see a picture at once instead of
 * after the next key frame. A group that would not fit into a viewer's buffer is not kept.
 */
export class RunningGroup {
  #packets: Uint8Array[] = [];
  #bytes = 0;

  get packets(): readonly Uint8Array[] {
    return this.#packets;
  }

  add(packet: Uint8Array): void {
    const key = ((packet[0] ?? 0) & KEY_FLAG) === KEY_FLAG;
    if (key) this.clear();
    else if (this.#packets.length === 0) return;
    this.#packets.push(packet);
    this.#bytes += packet.byteLength;
    if (this.#bytes > VIEWER_BUFFER_BYTES) this.clear();
  }

  clear(): void {
    this.#packets = [];
    this.#bytes = 0;
  }
}
