import type { CameraId, ExportOptions } from '@argus/contracts';
import type { PicturePaint } from '@argus/media';
import { paintOf } from './seen-objects.js';
import type { SeenPicture } from './recorded-pictures.js';

/** So much is read at once: a day of a busy street would be gigabytes. */
const WINDOW_MS = 300_000;
const REACH_MS = 1000;

/** What is painted at each moment of a range, read as the film goes on. */
export class PaintSource {
  #pictures: readonly SeenPicture[] = [];
  #fromMs = Infinity;
  #toMs = -Infinity;

  constructor(
    private readonly read: (cameraId: CameraId, fromMs: number, toMs: number) => Promise<SeenPicture[]>,
    private readonly cameraId: CameraId,
    private readonly options: ExportOptions,
  ) {}

  async at(wallMs: number): Promise<PicturePaint | null> {
    if (!this.options.boxes && this.options.blur.length === 0) return null;
    if (wallMs < this.#fromMs || wallMs >= this.#toMs) {
      [this.#fromMs, this.#toMs] = [wallMs, wallMs + WINDOW_MS];
      this.#pictures = await this.read(this.cameraId, wallMs - REACH_MS, this.#toMs + REACH_MS);
    }
    return paintOf(this.#pictures, wallMs, this.options);
  }
}
