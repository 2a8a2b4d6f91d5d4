import type { Frame } from 'node-av/lib';
import { framePool } from './native-pool.js';
import { MediaError } from './media-error.js';
import type { VideoFrame } from './video-frame.js';

/** A decoded picture in native memory. Only this library looks inside. */
export class NativeFrame implements VideoFrame {
  readonly ptsUs: number;
  readonly width: number;
  readonly height: number;
  #frame: Frame | null;
  #planes: readonly Buffer[] | null = null;

  constructor(frame: Frame, ptsUs: number) {
    this.#frame = frame;
    this.ptsUs = ptsUs;
    this.width = frame.width;
    this.height = frame.height;
  }

  get native(): Frame {
    if (this.#frame === null) throw new MediaError(`expected a frame that is still held, got one (pts ${this.ptsUs} us) that was freed`);
    return this.#frame;
  }

  /** Views of the pixels, made once: each new one counts for the garbage collector as if it were the picture. Not to be used after `free`. */
  get planes(): readonly Buffer[] {
    return (this.#planes ??= this.native.data ?? []);
  }

  free(): void {
    this.#planes = null;
    if (this.#frame !== null) framePool.giveBack(this.#frame);
    this.#frame = null;
  }
}

/** A frame that this library handed out. */
export function requireNative(frame: VideoFrame): NativeFrame {
  if (!(frame instanceof NativeFrame)) throw new MediaError('expected a frame made by VideoDecoder');
  return frame;
}

/** The native side of a frame that this library handed out. */
export const nativeOf = (frame: VideoFrame): Frame => requireNative(frame).native;
