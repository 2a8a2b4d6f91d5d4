/** What a viewer is sent through: the socket of a browser. */
export interface ViewerSink {
  /** Bytes handed over and not yet taken by the network. */
  readonly bufferedAmount: number;
  send(data: string | Uint8Array): void;
}

/**
 * Two to four seconds of a full-HD camera: long enough for a hiccup of the network, short enough that a viewer who falls behind sees
 * the present again soon.
 */
export const VIEWER_BUFFER_BYTES = 2 * 1024 * 1024;
/** Bit of a packet's first byte. */
export const KEY_FLAG = 1;

/**
 * One viewer of one camera. Nothing waits for it: once its buffer is full its packets are dropped up to the next key frame that finds
 * room, so what it does get can always be decoded. Messages (stream, overlay, state) are small; overlays are dropped with the packets.
 */
export class ViewerQueue {
  dropped = 0;
  #waitsForKey = true;

  constructor(
    private readonly sink: ViewerSink,
    private readonly limitBytes = VIEWER_BUFFER_BYTES,
  ) {}

  /** `packet` as in live-stream.ts; its first byte holds the key flag. */
  packet(packet: Uint8Array): void {
    const key = ((packet[0] ?? 0) & KEY_FLAG) === KEY_FLAG;
    const full = this.sink.bufferedAmount + packet.byteLength > this.limitBytes;
    if (full || (this.#waitsForKey && !key)) {
      this.#waitsForKey = true;
      this.dropped += 1;
      return;
    }
    this.#waitsForKey = false;
    this.sink.send(packet);
  }

  overlay(text: string): void {
    if (!this.#waitsForKey) this.sink.send(text);
  }

  /** Always sent: without it the packets that follow mean nothing. A new stream begins with a key frame. */
  stream(text: string): void {
    this.#waitsForKey = true;
    this.sink.send(text);
  }

  /** Always sent: what is on the screen has to go. */
  withheld(text: string): void {
    this.#waitsForKey = true;
    this.sink.send(text);
  }

  state(text: string): void {
    this.sink.send(text);
  }
}
