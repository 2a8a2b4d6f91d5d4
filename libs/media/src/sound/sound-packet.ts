/** Sound as a camera sent it, on its way beside the picture that came next. */
export interface SoundPacket {
  /** Media time of its source, microseconds, as of the pictures; null: it came without one. */
  readonly ptsUs: number | null;
  readonly data: Uint8Array;
}
