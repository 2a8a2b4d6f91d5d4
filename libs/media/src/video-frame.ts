/** One decoded picture; its pixels stay in native memory. Valid until `free`; freeing twice is harmless. */
export interface VideoFrame {
  /** Media time of the packet that it was decoded from. */
  readonly ptsUs: number;
  readonly width: number;
  readonly height: number;
  free(): void;
}
