import type { Picture, PictureRenderer } from './picture-renderer.js';

const EVERY_MS = 1000;

/** Last resort: a JPEG a second, asked for over HTTP. Its media time is unknown, so no boxes are drawn. */
export class SnapshotRenderer implements PictureRenderer {
  readonly leadMs = 0;
  readonly #fetchPicture: () => Promise<Blob>;
  readonly #onPicture: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown: ImageBitmap | null = null;
  #closed = false;

  constructor(fetchPicture: () => Promise<Blob>, onPicture: () => void) {
    this.#fetchPicture = fetchPicture;
    this.#onPicture = onPicture;
    void this.#poll();
  }

  push(): void {
    // Packets cannot be shown by this renderer.
  }

  current(): Picture | null {
    return this.#shown && { image: this.#shown, width: this.#shown.width, height: this.#shown.height, ptsUs: null };
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#shown?.close();
    this.#shown = null;
  }

  async #poll(): Promise<void> {
    const bitmap = await this.#fetchPicture()
      .then((blob) => createImageBitmap(blob))
      .catch(() => null);
    if (this.#closed) return bitmap?.close();
    if (bitmap) {
      this.#shown?.close();
      this.#shown = bitmap;
      this.#onPicture();
    }
    this.#timer = setTimeout(() => void this.#poll(), EVERY_MS);
  }
}
