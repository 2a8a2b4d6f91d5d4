import { messageOf } from '@argus/kernel';
import { H264Encoder, type MediaPacket, type MediaSource } from '@argus/media';
import type { MaskOrder, ShownStream } from '../messages.js';
import { framedPacket, type FramedStream } from './framed-packet.js';
import { LiveTap } from './live-tap.js';
import { MaskedSession, type MaskedSessionOptions } from './masked-session.js';
import type { PacketGroup } from './packet-group.js';

export interface LiveViewOptions extends Pick<MaskedSessionOptions, 'hardware' | 'turns' | 'ring' | 'blameNumber'> {
  readonly of: FramedStream;
  readonly group: PacketGroup;
  readonly masks: MaskOrder;
  /** `masks`: the version that is in the packet. False: it could not be taken, the reader is behind. */
  readonly packet: (key: boolean, data: Uint8Array, masks: number) => boolean;
  /** What viewers get of a masked camera from now on. */
  readonly shown: (shown: ShownStream) => void;
  readonly trouble: (what: string, error: unknown) => void;
}

/**
 * What viewers of one camera get: its packets as they come, or, where it has masks, pictures with these masks in them. Each packet goes one of the
 * two ways, and nothing of a masked camera goes the first.
 */
export class LiveView {
  readonly #tap: LiveTap;
  #masks: MaskOrder;
  #watched = false;
  #source: MediaSource | null = null;
  #session: MaskedSession | null = null;

  constructor(private readonly options: LiveViewOptions) {
    this.#masks = options.masks;
    this.#tap = new LiveTap(options.of, options.group, (key, data) => options.packet(key, data, this.#masks.version));
  }

  watch(on: boolean): void {
    if (on === this.#watched) return;
    this.#watched = on;
    this.#begin();
  }

  /** Other masks, or none any more. What was under way with the old ones is thrown away. */
  mask(masks: MaskOrder): void {
    if (masks.version === this.#masks.version) return;
    this.#tap.watch(false);
    this.#masks = masks;
    this.#begin();
  }

  connected(source: MediaSource): void {
    this.#source = source;
    this.#begin();
  }

  disconnected(): void {
    this.#source = null;
    this.#begin();
  }

  /** The camera goes on in another size: viewers begin anew. A session sees that by itself. */
  repeat(): void {
    if (this.#session === null) this.#tap.repeat();
  }

  /** A packet that is not in the group yet. It still belongs to the caller. */
  show(packet: MediaPacket): void {
    this.#session?.take(packet);
    this.#tap.show(packet);
  }

  #begin(): void {
    this.#session?.end();
    this.#session = null;
    const isMasked = this.#masks.areas.length > 0;
    this.#tap.watch(this.#watched && !isMasked);
    if (!this.#watched || !isMasked || this.#source === null) return;
    const why = H264Encoder.whyNone();
    if (why !== null) return this.options.shown({ masks: this.#masks.version, withheld: 'no-encoder', text: why });
    const session = this.#open(this.#source, this.#masks);
    this.#session = session;
    session.catchUp(this.options.group.packets.map(({ packet }) => packet));
  }

  #open(source: MediaSource, { version, areas }: MaskOrder): MaskedSession {
    const { hardware, turns, ring, blameNumber, of, packet, shown, trouble } = this.options;
    return new MaskedSession({
      source,
      areas,
      hardware,
      turns,
      ring,
      blameNumber,
      picture: (picture) => packet(picture.key, framedPacket(of, picture), version),
      began: (stream, codecString) => shown({ masks: version, stream, codecString }),
      failed: (error) => {
        trouble('privacy masks could not be put into pictures; live view is withheld', error);
        shown({ masks: version, withheld: 'masking-failed', text: messageOf(error) });
      },
    });
  }
}
