import type { BoxPixels, Placement } from '@argus/contracts';
import { FrameScaler, type PixelTarget, type VideoFrame } from '@argus/media';
import type { PixelRing } from '../../ring/pixel-ring.js';

const keyOf = (target: PixelTarget): string => [target.width, target.height, target.color, target.layout ?? 'hwc', target.resize, target.align, ...target.pad].join(' ');

/** Scales natively into ring slots; one scaler a model input, made when it is first needed. */
export class SlotScaler {
  readonly #scalers = new Map<string, { readonly scaler: FrameScaler; readonly pixels: Uint8Array }>();

  constructor(
    private readonly ring: PixelRing,
    private readonly trouble: (what: string, error: unknown) => void,
  ) {}

  /** null: no slot is free, or the picture could not be scaled (told as trouble). */
  tryScale(frame: VideoFrame, crop: BoxPixels | null, target: PixelTarget): { slot: number; placement: Placement } | null {
    try {
      const { scaler, pixels } = this.#scalerFor(target);
      const placement = scaler.scaleInto(frame, crop, pixels);
      const slot = this.ring.put(pixels);
      return slot === null ? null : { slot, placement };
    } catch (error) {
      this.trouble('a picture could not be scaled', error);
      return null;
    }
  }

  close(): void {
    for (const { scaler } of this.#scalers.values()) scaler.close();
    this.#scalers.clear();
  }

  #scalerFor(target: PixelTarget): { readonly scaler: FrameScaler; readonly pixels: Uint8Array } {
    const key = keyOf(target);
    const known = this.#scalers.get(key);
    if (known) return known;
    const made = { scaler: new FrameScaler(target), pixels: new Uint8Array(target.width * target.height * 3) };
    this.#scalers.set(key, made);
    return made;
  }
}
