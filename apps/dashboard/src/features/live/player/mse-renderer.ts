import { parameterSets, toLengthPrefixed } from './annex-b.js';
import { fragment, openingSegment } from './fragmented-mp4.js';
import { MediaTimeline } from './media-timeline.js';
import type { TimedPacket } from './packet-queue.js';
import type { Picture, PictureRenderer } from './picture-renderer.js';

/** Farther behind the newest picture than this, the element jumps to just before it. */
const LARGEST_LAG_S = 1;
const BEHIND_END_S = 0.12;
/** Played pictures kept in the buffer; a day on the wall must not fill memory. */
const KEEP_S = 8;

export interface MseOptions {
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  readonly onGivenUp: (why: string) => void;
}

/**
 * H.264 through Media Source Extensions, for pages that are no secure context and have no WebCodecs. The element's time leads
 * back to the stream's own, so that the exact picture on screen is known for its boxes. Streams with B-frames are given up.
 */
export class MseRenderer implements PictureRenderer {
  readonly leadMs = 260;
  readonly #options: MseOptions;
  readonly #video = document.createElement('video');
  readonly #source = new MediaSource();
  readonly #url = URL.createObjectURL(this.#source);
  readonly #queue: Uint8Array<ArrayBuffer>[] = [];
  #buffer: SourceBuffer | null = null;
  readonly #timeline = new MediaTimeline();
  #held: { packet: TimedPacket; decodeTimeUs: number } | null = null;
  #started = false;
  #sequence = 1;
  #shownPtsUs: number | null = null;
  #closed = false;

  constructor(options: MseOptions) {
    this.#options = options;
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#video.src = this.#url;
    this.#source.addEventListener('sourceopen', () => this.#open(), { once: true });
    this.#video.addEventListener('error', () => this.#giveUp(this.#video.error?.message ?? 'media error'));
    this.#followFrames();
  }

  static supports(codec: string): boolean {
    return typeof MediaSource !== 'undefined' && 'requestVideoFrameCallback' in HTMLVideoElement.prototype && MediaSource.isTypeSupported(`video/mp4; codecs="${codec}"`);
  }

  push(packets: readonly TimedPacket[]): void {
    for (const packet of packets) {
      if (!this.#started) this.#start(packet);
      if (!this.#started) continue;
      const { decodeTimeUs, reordered } = this.#timeline.place(packet.ptsUs);
      if (reordered) return this.#giveUp('the stream has B-frames');
      if (this.#held) this.#add(this.#held.packet, this.#held.decodeTimeUs, decodeTimeUs);
      this.#held = { packet, decodeTimeUs };
    }
    this.#feed();
  }

  current(): Picture | null {
    if (this.#shownPtsUs === null || this.#video.readyState < 2) return null;
    return { image: this.#video, width: this.#video.videoWidth, height: this.#video.videoHeight, ptsUs: this.#shownPtsUs };
  }

  close(): void {
    this.#closed = true;
    this.#video.pause();
    this.#video.removeAttribute('src');
    this.#video.load();
    URL.revokeObjectURL(this.#url);
  }

  #open(): void {
    this.#buffer = this.#source.addSourceBuffer(`video/mp4; codecs="${this.#options.codec}"`);
    this.#buffer.mode = 'segments';
    this.#buffer.addEventListener('updateend', () => this.#feed());
    this.#feed();
  }

  #start(packet: TimedPacket): void {
    const sets = packet.key ? parameterSets(packet.data) : null;
    if (!sets) return;
    this.#started = true;
    this.#queue.push(openingSegment({ width: this.#options.width, height: this.#options.height, ...sets }));
  }

  /** A picture lasts until the next one is shown. */
  #add(packet: TimedPacket, decodeTimeUs: number, nextUs: number): void {
    this.#queue.push(fragment(this.#sequence++, { decodeTimeUs, durationUs: nextUs - decodeTimeUs, key: packet.key, data: toLengthPrefixed(packet.data) }));
  }

  #feed(): void {
    const buffer = this.#buffer;
    if (this.#closed || !buffer || buffer.updating || this.#source.readyState !== 'open') return;
    this.#keepUp();
    const stale = this.#video.currentTime - KEEP_S;
    if (stale > KEEP_S && buffer.buffered.length > 0 && buffer.buffered.start(0) < stale - KEEP_S) return buffer.remove(0, stale);
    const next = this.#queue.shift();
    if (next) buffer.appendBuffer(next);
  }

  /** The element plays at its own pace; when it falls behind the newest picture it jumps. */
  #keepUp(): void {
    const ranges = this.#video.buffered;
    if (ranges.length === 0) return;
    const end = ranges.end(ranges.length - 1);
    if (end - this.#video.currentTime > LARGEST_LAG_S || this.#video.currentTime < ranges.start(0)) this.#video.currentTime = Math.max(ranges.start(ranges.length - 1), end - BEHIND_END_S);
    if (this.#video.paused) void this.#video.play().catch((error: unknown) => this.#giveUp(error instanceof Error ? error.message : String(error)));
  }

  #followFrames(): void {
    this.#video.requestVideoFrameCallback((_now, frame) => {
      if (this.#closed) return;
      this.#shownPtsUs = this.#timeline.ptsAt(Math.round(frame.mediaTime * 1e6));
      this.#followFrames();
    });
  }

  #giveUp(why: string): void {
    if (!this.#closed) this.#options.onGivenUp(why);
  }
}
