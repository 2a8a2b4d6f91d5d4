import { AV_NOPTS_VALUE, AV_PKT_FLAG_CORRUPT, AV_PKT_FLAG_DISCARD, AVERROR_EAGAIN, AVERROR_EOF, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import type { Packet } from 'node-av/lib';
import { packetPool } from '../native-pool.js';
import type { CodedPacket } from './coded-packet.js';
import type { VideoFile } from './open-video-file.js';

/** A file whose every read fails is at its end. */
const MOST_ERRORS = 100;

/** The packets of a file's video in the order in which they are stored. */
export class PacketReader {
  /** Packets read so far. */
  packets = 0;
  /** A packet came without a time. */
  timeless = false;
  readonly #file: VideoFile;
  readonly #onDamage: (ptsUs: number) => void;
  readonly #tickUs: number;
  #latestUs = 0;
  /** Nominal distance of two pictures. */
  readonly stepUs: number;

  constructor(file: VideoFile, onDamage: (ptsUs: number) => void) {
    this.#file = file;
    this.#onDamage = onDamage;
    const { timeBase, avgFrameRate } = file.stream;
    this.#tickUs = (timeBase.num * 1_000_000) / timeBase.den;
    this.stepUs = avgFrameRate.num > 0 && avgFrameRate.den > 0 ? (avgFrameRate.den * 1_000_000) / avgFrameRate.num : 40_000;
  }

  /** null: the end. The packet is the caller's, to be given back to the pool. */
  next(): CodedPacket | null {
    const packet = packetPool.take();
    for (let errors = 0; errors < MOST_ERRORS; ) {
      const code = this.#file.context.readFrameSync(packet);
      if (code === AVERROR_EOF) break;
      if (code === AVERROR_EAGAIN) continue;
      if (code < 0) {
        this.#onDamage(this.#latestUs);
        errors += 1;
        continue;
      }
      if (packet.streamIndex === this.#file.stream.index && packet.size > 0) return this.#describe(packet);
      packet.unref();
    }
    packetPool.giveBack(packet);
    return null;
  }

  /** To the key frame at or before this time of the file's own. False: the file cannot be jumped about in. */
  jump(ptsUs: number): boolean {
    return this.#file.context.seekFrameSync(this.#file.stream.index, BigInt(Math.floor(ptsUs / this.#tickUs)), AVSEEK_FLAG_BACKWARD) >= 0;
  }

  #describe(packet: Packet): CodedPacket {
    const { pts, flags } = packet;
    if (pts === AV_NOPTS_VALUE) this.timeless = true;
    const ptsUs = pts === AV_NOPTS_VALUE ? Math.round(this.#latestUs + this.stepUs) : Math.round(Number(pts) * this.#tickUs);
    this.#latestUs = ptsUs;
    const ordinal = this.packets;
    this.packets += 1;
    return { ordinal, ptsUs, key: packet.isKeyframe, hidden: (flags & AV_PKT_FLAG_DISCARD) !== 0, index: null, corrupt: (flags & AV_PKT_FLAG_CORRUPT) !== 0, packet, wanted: false };
  }
}
