import type { StreamInfo } from '@argus/contracts';
import { H264Encoder, PrivacyPainter, sharePacket, VideoDecoder, type EncodedPicture, type MediaPacket, type MediaSource, type VideoFrame } from '@argus/media';
import type { PixelRing } from '../../ring/pixel-ring.js';
import type { MaskOrder } from '../messages.js';
import type { DecodeTurns } from './decode-turns.js';

export interface MaskedSessionOptions {
  readonly source: MediaSource;
  readonly areas: MaskOrder['areas'];
  readonly hardware: boolean;
  readonly turns: DecodeTurns;
  readonly ring: Pick<PixelRing, 'blame'>;
  readonly blameNumber: number;
  /** False: the reader is behind, and what follows is of no use to it before a key frame. */
  readonly picture: (picture: EncodedPicture) => boolean;
  /** What the pictures that follow are. */
  readonly began: (stream: StreamInfo, codecString: string) => void;
  /** Nothing comes of these packets; it tries again with the next key frame. */
  readonly failed: (error: unknown) => void;
}

interface Waiting {
  readonly packet: MediaPacket;
  /** Decoded only, because later ones refer to it. */
  readonly isPassed: boolean;
  readonly sinceMs: number;
}

const KEY_EVERY_US = 2_000_000;
/** Farther behind than this, what waits is let go up to the next key frame: live is worth more than whole. */
const LATE_AFTER_MS = 1500;
const DEFAULT_FPS = 25;

/**
 * One stretch of live view of a masked camera: its packets decoded, covered, encoded again. For one connection and one set of masks: with others
 * there is another session, so nothing of one can come out of the other. It runs behind the camera's reader, which never waits for it.
 */
export class MaskedSession {
  readonly #decoder: VideoDecoder;
  readonly #painter: PrivacyPainter;
  readonly #queue: Waiting[] = [];
  #encoder: H264Encoder | null = null;
  #told = false;
  #waitsForKey = true;
  #wantsKey = true;
  #keyUs = 0;
  #isRunning = false;
  #isOver = false;

  constructor(private readonly options: MaskedSessionOptions) {
    this.#decoder = new VideoDecoder(options.source, options.hardware);
    this.#painter = new PrivacyPainter(options.areas);
  }

  /** The running group from its key frame on: only its last picture is shown, the viewer wants to see the present. */
  catchUp(packets: readonly MediaPacket[]): void {
    packets.forEach((packet, index) => this.#add(packet, index < packets.length - 1));
  }

  /** The packet still belongs to the caller. */
  take(packet: MediaPacket): void {
    const oldest = this.#queue.find(({ isPassed }) => !isPassed);
    if (oldest && performance.now() - oldest.sinceMs > LATE_AFTER_MS) this.#letGo();
    this.#add(packet, false);
  }

  /** Nothing comes out of it afterwards. */
  end(): void {
    this.#isOver = true;
    this.#letGo();
    if (!this.#isRunning) this.#close();
  }

  #add(packet: MediaPacket, isPassed: boolean): void {
    if (this.#isOver || (this.#waitsForKey && !packet.key)) return;
    this.#waitsForKey = false;
    this.#queue.push({ packet: sharePacket(packet), isPassed, sinceMs: performance.now() });
    if (!this.#isRunning) void this.#run();
  }

  #letGo(): void {
    for (const { packet } of this.#queue.splice(0)) packet.free();
    this.#waitsForKey = true;
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { packet, isPassed } = next;
      try {
        await this.options.turns.take(() => this.#process(packet, isPassed));
      } catch (error) {
        this.#giveUp(error);
      } finally {
        packet.free();
      }
    }
    this.#isRunning = false;
    if (this.#isOver) this.#close();
  }

  async #process(packet: MediaPacket, isPassed: boolean): Promise<void> {
    const { ring, blameNumber } = this.options;
    ring.blame(blameNumber);
    try {
      const wants = (): boolean => !isPassed && !this.#isOver;
      if (packet.key) this.#decoder.missed();
      const frames = this.#decoder.isHeavy(packet) ? await this.#decoder.decodeAside(packet, wants) : this.#decoder.decode(packet, wants);
      await this.#show(frames);
    } finally {
      ring.blame(0);
    }
  }

  async #show(frames: readonly VideoFrame[]): Promise<void> {
    try {
      for (const frame of frames) if (!this.#isOver) await this.#encode(frame);
    } finally {
      for (const frame of frames) frame.free();
    }
  }

  async #encode(frame: VideoFrame): Promise<void> {
    // From here on there is only the covered copy: what fails leaves nothing to be shown.
    const painted = this.#painter.paint(frame);
    try {
      const encoder = this.#encoderFor(painted);
      const pictures = await encoder.encode(painted, this.#wantsKey || painted.ptsUs - this.#keyUs >= KEY_EVERY_US);
      if (!this.#isOver) for (const picture of pictures) this.#tell(encoder, picture);
    } finally {
      painted.free();
    }
  }

  #tell(encoder: H264Encoder, picture: EncodedPicture): void {
    if (this.#wantsKey && !picture.key) return;
    if (picture.key) this.#keyUs = picture.ptsUs;
    if (!this.#told && encoder.codecString !== null) {
      this.#told = true;
      this.options.began({ codec: 'h264', width: encoder.width, height: encoder.height, fps: this.options.source.stream.fps }, encoder.codecString);
    }
    this.#wantsKey = !this.options.picture(picture);
  }

  /** A camera may go on in another size. */
  #encoderFor(frame: VideoFrame): H264Encoder {
    if (this.#encoder?.fits(frame)) return this.#encoder;
    this.#dropEncoder();
    return (this.#encoder = new H264Encoder(frame, this.options.source.stream.fps ?? DEFAULT_FPS));
  }

  #giveUp(error: unknown): void {
    this.#dropEncoder();
    this.#decoder.missed();
    this.#letGo();
    if (!this.#isOver) this.options.failed(error);
  }

  #dropEncoder(): void {
    this.#encoder?.close();
    this.#encoder = null;
    this.#told = false;
    this.#wantsKey = true;
  }

  #close(): void {
    this.#dropEncoder();
    this.#painter.close();
    this.#decoder.close();
  }
}
