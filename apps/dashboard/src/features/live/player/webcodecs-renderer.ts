import type { TimedPacket } from './packet-queue.js';
import type { DueTime, Picture, PictureRenderer } from './picture-renderer.js';

/** Decoders hold few surfaces: more than this many pictures outstanding stall some hardware decoders. */
const MAX_DECODED = 12;
const MAX_FAILURES = 3;

/** H.264 or H.265 in Annex B, decoded by the browser's own decoder, each picture shown at its time. */
export class WebCodecsRenderer implements PictureRenderer {
  readonly leadMs = 80;
  readonly #due: DueTime;
  readonly #codec: string;
  readonly #onGivenUp: (why: string) => void;
  #decoder: VideoDecoder;
  #decoded: VideoFrame[] = [];
  #shown: VideoFrame | null = null;
  #needsKey = true;
  #failures = 0;

  constructor(codec: string, due: DueTime, onGivenUp: (why: string) => void) {
    this.#codec = codec;
    this.#due = due;
    this.#onGivenUp = onGivenUp;
    this.#decoder = this.#open();
  }

  /** Plain http to another machine is no secure context and has no decoder at all. */
  static async supports(codec: string): Promise<boolean> {
    if (typeof VideoDecoder === 'undefined') return false;
    const answer = await VideoDecoder.isConfigSupported({ codec, optimizeForLatency: true }).catch(() => null);
    return answer?.supported === true;
  }

  push(packets: readonly TimedPacket[]): void {
    for (const packet of packets) {
      if (this.#decoder.state !== 'configured') return;
      if (this.#needsKey && !packet.key) continue;
      this.#needsKey = false;
      this.#decoder.decode(new EncodedVideoChunk({ type: packet.key ? 'key' : 'delta', timestamp: packet.ptsUs, data: packet.data }));
    }
  }

  current(nowMs: number): Picture | null {
    while (this.#decoded.length > 0 && (this.#due((this.#decoded[0] as VideoFrame).timestamp) ?? 0) <= nowMs) {
      this.#shown?.close();
      this.#shown = this.#decoded.shift() as VideoFrame;
    }
    if (!this.#shown) return null;
    return { image: this.#shown, width: this.#shown.displayWidth, height: this.#shown.displayHeight, ptsUs: this.#shown.timestamp };
  }

  close(): void {
    if (this.#decoder.state !== 'closed') this.#decoder.close();
    this.#decoded.forEach((frame) => frame.close());
    this.#decoded = [];
    this.#shown?.close();
    this.#shown = null;
  }

  #open(): VideoDecoder {
    const decoder = new VideoDecoder({ output: (frame) => this.#keep(frame), error: (error) => this.#recover(error) });
    decoder.configure({ codec: this.#codec, optimizeForLatency: true });
    this.#needsKey = true;
    return decoder;
  }

  #keep(frame: VideoFrame): void {
    this.#failures = 0;
    this.#decoded.push(frame);
    if (this.#decoded.length > MAX_DECODED) this.#decoded.shift()?.close();
  }

  /** A damaged stream closes a decoder; the next one starts at a key frame. Three in a row without a picture: not for this browser. */
  #recover(error: Error): void {
    this.#failures += 1;
    if (this.#failures >= MAX_FAILURES) this.#onGivenUp(error.message);
    else this.#decoder = this.#open();
  }
}
