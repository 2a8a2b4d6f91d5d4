/** A picture that was taken, and what is known of it. */
export interface TakenSample {
  readonly sha256: Buffer;
  readonly thumbnail: Buffer | null;
  readonly mime: string;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly group: string;
  readonly video: string;
  readonly frameIndex: number;
  readonly ptsUs: number;
  /** null: nobody knows when it was taken. */
  readonly wallMs: number | null;
  readonly timeZone: string | null;
  readonly tzVersion: string | null;
  readonly isOriginal: boolean;
  readonly sharpness: number;
  readonly brightness: number;
  /** As PostgreSQL keeps it: signed. */
  readonly phash: string;
}
