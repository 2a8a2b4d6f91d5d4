import type { TimedPacket } from './packet-queue.js';

/** A picture that can be drawn. */
export interface Picture {
  readonly image: CanvasImageSource;
  readonly width: number;
  readonly height: number;
  /** Media time; null when it is not known, and then no boxes are drawn. */
  readonly ptsUs: number | null;
}

/** How pictures are made of packets; one implementation per way that browsers offer. */
export interface PictureRenderer {
  /** How much earlier than shown a packet is wanted, milliseconds. */
  readonly leadMs: number;
  /** Packets in decoding order. */
  push(packets: readonly TimedPacket[]): void;
  /** The picture to show at this moment (monotonic ms), valid until the next call; null while there is none. */
  current(nowMs: number): Picture | null;
  close(): void;
}

export const RENDER_MODES = ['webcodecs', 'mse', 'mjpeg', 'snapshots'] as const;
export type RenderMode = (typeof RENDER_MODES)[number];

/** When the picture with this pts is due, monotonic ms. */
export type DueTime = (ptsUs: number) => number | null;
