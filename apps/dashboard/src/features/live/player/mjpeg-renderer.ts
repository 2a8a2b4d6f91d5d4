import type { TimedPacket } from './packet-queue.js';
import type { DueTime, Picture, PictureRenderer } from './picture-renderer.js';

/** Each packet is a whole JPEG; decoded one at a time, the newest wins when the machine is slow. */
export class MjpegRenderer implements PictureRenderer {
  readonly leadMs = 60;
  readonly #due: DueTime;
  #waiting: TimedPacket | null = null;
  #busy = false;
  #closed = false;
  #next: { bitmap: ImageBitmap; ptsUs: number } | null = null;
  #shown: { bitmap: ImageBitmap; ptsUs: number } | null = null;

  constructor(due: DueTime) {
    this.#due = due;
  }

  push(packets: readonly TimedPacket[]): void {
    this.#waiting = packets.at(-1) ?? this.#waiting;
    if (!this.#busy) void this.#decode();
  }

  current(nowMs: number): Picture | null {
    if (this.#next && (this.#due(this.#next.ptsUs) ?? 0) <= nowMs) {
      this.#shown?.bitmap.close();
      this.#shown = this.#next;
      this.#next = null;
    }
    if (!this.#shown) return null;
    const { bitmap, ptsUs } = this.#shown;
    return { image: bitmap, width: bitmap.width, height: bitmap.height, ptsUs };
  }

  close(): void {
    this.#closed = true;
    this.#next?.bitmap.close();
    this.#shown?.bitmap.close();
    this.#next = null;
    this.#shown = null;
  }

  async #decode(): Promise<void> {
    this.#busy = true;
    while (this.#waiting && !this.#closed) {
      const packet = this.#waiting;
      this.#waiting = null;
      const bitmap = await createImageBitmap(new Blob([packet.data.slice()], { type: 'image/jpeg' })).catch(() => null);
      if (bitmap) this.#keep(bitmap, packet.ptsUs);
    }
    this.#busy = false;
  }

  #keep(bitmap: ImageBitmap, ptsUs: number): void {
    if (this.#closed) return bitmap.close();
    this.#next?.bitmap.close();
    this.#next = { bitmap, ptsUs };
  }
}
