import { randomBytes, randomInt } from 'node:crypto';
import { modulo } from './rtp-packing.js';
import type { SoundClip } from './sound-clip.js';

/** What a camera does wrong with its sound. garbage: random bytes. late: it comes 400 ms behind. refused: it is announced, and not given. silent: it is announced and given, and nothing comes. */
export type SoundFault = 'none' | 'garbage' | 'late' | 'refused' | 'silent';

const PAYLOAD_TYPES = { aac: 97, alaw: 8, mulaw: 0 } as const;
const NAMES = { aac: 'MPEG4-GENERIC', alaw: 'PCMA', mulaw: 'PCMU' } as const;
/** Interleaved channels 0 and 1 are the picture's. */
const CHANNEL = 2;
const HEADERS = 16;
const MARKER = 0x80;
const LATE_MS = 400;

const SECONDS_1900_TO_1970 = 2_208_988_800;

/** RTCP (RFC 3550, 6.4.1): a stream's time and the wall clock's in one moment, by which readers put streams of one camera together. */
export function senderReport(channel: number, ssrc: number, timestamp: number, wallMs: number): Buffer {
  const packet = Buffer.alloc(32);
  packet[0] = 0x24;
  packet[1] = channel;
  packet.writeUInt16BE(28, 2);
  packet.writeUInt32BE(0x80c80006, 4);
  packet.writeUInt32BE(ssrc, 8);
  packet.writeUInt32BE(Math.floor(wallMs / 1000) + SECONDS_1900_TO_1970, 12);
  packet.writeUInt32BE(Math.floor(((wallMs % 1000) / 1000) * 2 ** 32), 16);
  packet.writeUInt32BE(timestamp, 20);
  return packet;
}

/** The sound of one camera, over and over like its clip. */
export class RtspSound {
  #sequence = randomInt(2 ** 16);
  readonly #ssrc = randomInt(2 ** 31);
  readonly #shift = randomInt(2 ** 31);
  #next = 0;

  /** @param loopMs the length of the clip that it belongs to */
  constructor(
    private readonly clip: SoundClip,
    private readonly loopMs: number,
    readonly fault: SoundFault,
  ) {}

  /** Lines of the session description. */
  describe(): string[] {
    const { codec, sampleRate, config } = this.clip;
    const type = PAYLOAD_TYPES[codec];
    const more = codec === 'aac' ? [`a=fmtp:${type} streamtype=5;profile-level-id=1;mode=AAC-hbr;sizelength=13;indexlength=3;indexdeltalength=3;config=${config.toString('hex')}`] : [];
    return [`m=audio 0 RTP/AVP ${type}`, `a=rtpmap:${type} ${NAMES[codec]}/${sampleRate}/1`, ...more, 'a=control:trackID=1'];
  }

  /** Nobody listens: what is due from this moment on comes next. */
  skipTo(mediaMs: number): void {
    const { units } = this.clip;
    const loops = Math.floor(mediaMs / this.loopMs);
    const index = units.findIndex(({ timeMs }) => timeMs >= mediaMs - loops * this.loopMs);
    this.#next = index < 0 ? (loops + 1) * this.#perLoop : loops * this.#perLoop + Math.min(index, this.#perLoop);
  }

  /** The stamp of what is heard at this moment, and the number of the next packet. */
  start(mediaMs: number): { readonly sequence: number; readonly timestamp: number } {
    return { sequence: this.#sequence, timestamp: this.#timestamp(mediaMs) };
  }

  /** When the next packet is to be sent: sound is encoded when it is over. */
  get dueMs(): number {
    return this.fault === 'silent' ? Infinity : this.#timeOf(this.#next) + this.clip.unitMs + (this.fault === 'late' ? LATE_MS : 0);
  }

  /** The next packet, behind the header of the interleaving. */
  take(): Buffer {
    const { codec, units } = this.clip;
    const unit = units[this.#next % this.#perLoop] ?? { data: Buffer.alloc(0) };
    const data = this.fault === 'garbage' ? randomBytes(unit.data.length) : unit.data;
    const payload = codec === 'aac' ? Buffer.concat([Buffer.of(0, 16, data.length >> 5, (data.length << 3) & 0xff), data]) : data;
    const packet = Buffer.alloc(HEADERS);
    packet[0] = 0x24;
    packet[1] = CHANNEL;
    packet.writeUInt16BE(HEADERS - 4 + payload.length, 2);
    packet[4] = 0x80;
    packet[5] = PAYLOAD_TYPES[codec] | (codec === 'aac' ? MARKER : 0);
    packet.writeUInt16BE(this.#sequence, 6);
    packet.writeUInt32BE(this.#timestamp(this.#timeOf(this.#next)), 8);
    packet.writeUInt32BE(this.#ssrc, 12);
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#next += 1;
    return Buffer.concat([packet, payload]);
  }

  /** A report of the sender: what time it was when this was heard. */
  report(mediaMs: number, wallMs: number): Buffer {
    return senderReport(CHANNEL + 1, this.#ssrc, this.#timestamp(mediaMs), wallMs);
  }

  /** Units that begin before the clip ends. */
  get #perLoop(): number {
    const { units } = this.clip;
    const end = units.findIndex(({ timeMs }) => timeMs >= this.loopMs);
    return end < 0 ? units.length : end;
  }

  #timeOf(index: number): number {
    return Math.floor(index / this.#perLoop) * this.loopMs + (this.clip.units[index % this.#perLoop]?.timeMs ?? 0);
  }

  #timestamp(mediaMs: number): number {
    return modulo(Math.round((mediaMs * this.clip.sampleRate) / 1000) + this.#shift, 2 ** 32);
  }
}
