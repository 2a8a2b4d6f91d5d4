import type { Packet } from 'node-av/lib';
import type { StreamCodec } from '@argus/contracts';
import { isDisposable, toAnnexB, type ParameterSets } from '@argus/footage';
import { MediaError } from './media-error.js';
import type { MediaPacket } from './media-source.js';
import { packetPool } from './native-pool.js';
import type { SoundPacket } from './sound/sound-packet.js';

const NO_SOUND: readonly SoundPacket[] = [];

/** An encoded picture in native memory, and the sound that came since the one before. */
export class NativePacket implements MediaPacket {
  readonly ptsUs: number;
  readonly key: boolean;
  readonly byteLength: number;
  #packet: Packet | null;
  readonly #codec: StreamCodec;
  readonly #sets: ParameterSets;

  constructor(packet: Packet, ptsUs: number, codec: StreamCodec, sets: ParameterSets, readonly sound: readonly SoundPacket[] = NO_SOUND) {
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

  /** Another handle of the same data. */
  share(): NativePacket {
    const shared = packetPool.take();
    const result = shared.ref(this.native);
    if (result >= 0) return new NativePacket(shared, this.ptsUs, this.#codec, this.#sets, this.sound);
    packetPool.giveBack(shared);
    throw new MediaError(`no memory for a packet (native error ${result})`);
  }

  free(): void {
    if (this.#packet !== null) packetPool.giveBack(this.#packet);
    this.#packet = null;
  }
}
