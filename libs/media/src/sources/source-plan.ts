/** What to hand to the native library for one URL. */
export interface SourcePlan {
  /** The native library's own address of the input. */
  readonly input: string;
  readonly options: Readonly<Record<string, string>>;
  /** For people: where this comes from, credentials removed. */
  readonly name: string;
  readonly kind: 'rtsp' | 'rtmp' | 'http' | 'file';
  /** One blocking socket operation. */
  readonly readTimeoutMs: number;
  /** A read may take this long before the stream counts as broken. */
  readonly silenceMs: number;
  /** Sound is read, too, where there is any. Left out: it is not even asked for. */
  readonly sound?: boolean;
  /** Files only: go on from the beginning at the end; start at this second; keep to the clip's own speed. */
  readonly loop: boolean;
  readonly startSeconds: number;
  readonly paced: boolean;
}

export interface TimeOuts {
  readonly connectTimeoutMs: number;
  readonly readTimeoutMs: number;
}

/** Formats that may be opened over a network or from disk. No playlist format that could name other local files, bar HLS over HTTP. */
export const CONTAINERS = ['mov', 'mp4', 'matroska', 'webm', 'avi', 'mpegts', 'mpeg', 'flv', 'live_flv', 'h264', 'hevc', 'mjpeg', 'mpjpeg'] as const;
