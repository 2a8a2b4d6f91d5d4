import type { Packet } from 'node-av/lib';
import type { StreamCodec } from '@argus/contracts';
import { isDisposable, toAnnexB, type ParameterSets } from '@argus/footage';
import { MediaError } from './media-error.js';
import type { MediaPacket } from './media-source.js';
import { packetPool } from './native-pool.js';

/** An encoded picture in native memory. */
export class NativePacket implements MediaPacket {
  readonly ptsUs: number;
  readonly key: boolean;
  readonly byteLength: number;
  #packet: Packet | null;
  readonly #codec: StreamCodec;
  readonly #sets: ParameterSets;

  constructor(packet: Packet, ptsUs: number, codec: StreamCodec, sets: ParameterSets) {
    this.#packet = packet;
    this.ptsUs = ptsUs;
    this.key = packet.isKeyframe;
    this.byteLength = packet.size;
    this.#codec = codec;
    this.#sets = sets;
  }

  get native(): Packet {
    if (this.#packet === null) throw new MediaError(`expected a packet that is still held, got one (pts ${this.ptsUs} us) that was freed`);
    return this.#packet;
  }

  get disposable(): boolean {
    const { data } = this.native;
    return this.#codec !== 'mjpeg' && !this.key && data !== null && isDisposable(data, this.#codec, this.#sets.lengthSize);
  }

  toAnnexB(): Uint8Array {
    const data = this.native.data ?? new Uint8Array(0);
    return this.#codec === 'mjpeg' ? Uint8Array.from(data) : toAnnexB(data, this.#codec, this.#sets, this.key);
  }

  share(): NativePacket {
    const shared = packetPool.take();
    shared.ref(this.native);
    return new NativePacket(shared, this.ptsUs, this.#codec, this.#sets);
  }

  free(): void {
    if (this.#packet !== null) packetPool.giveBack(this.#packet);
    this.#packet = null;
  }
}
