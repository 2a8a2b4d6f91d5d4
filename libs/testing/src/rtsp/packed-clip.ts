import type { Clip } from './mp4-clip.js';
import { pack, payloadsOf, type PackedPicture } from './rtp-packing.js';
import { damagePayloads, FOREIGN_SPS, type RtspFault } from './rtsp-fault.js';

/** A clip whose pictures are put into packets once, however many cameras show it how often. */
export class PackedClip {
  readonly #packed = new Map<string, PackedPicture>();

  constructor(readonly clip: Clip) {}

  /** When the unit with this number, counted on over loops, is shown: milliseconds since the clip began for the first time. */
  timeOf(index: number): number {
    const { units, durationMs } = this.clip;
    return Math.floor(index / units.length) * durationMs + (units[index % units.length]?.timeMs ?? 0);
  }

  isKey(index: number): boolean {
    return this.clip.units[index % this.clip.units.length]?.key ?? false;
  }

  /** Number of the last key frame at or before a time. */
  lastKeyIndex(timeMs: number): number {
    const { units, durationMs } = this.clip;
    const loops = Math.floor(timeMs / durationMs);
    return loops * units.length + Math.max(0, units.findLastIndex((unit) => unit.key && unit.timeMs <= timeMs - loops * durationMs));
  }

  /** The NAL units of a picture, parameter sets before key frames as cameras send them. */
  nalsOf(index: number, fault: RtspFault = 'none'): readonly Buffer[] {
    const unit = this.clip.units[index % this.clip.units.length];
    if (unit === undefined) return [];
    return unit.key ? [...this.parameterSets(fault), ...unit.nals] : unit.nals;
  }

  packed(index: number, fault: RtspFault): PackedPicture {
    const { codec, units } = this.clip;
    const key = `${index % units.length} ${['wrong-sps', 'wrong-length', 'truncated'].includes(fault) ? fault : ''}`;
    const known = this.#packed.get(key);
    if (known !== undefined) return known;
    const made = pack(damagePayloads(fault, codec, payloadsOf(codec, this.nalsOf(index, fault))));
    this.#packed.set(key, made);
    return made;
  }

  /** Lines of the session description. */
  media(fault: RtspFault): string[] {
    const sets = this.parameterSets(fault);
    const base64 = sets.map((set) => set.toString('base64'));
    if (this.clip.codec === 'h264') {
      const profile = (sets[0] as Buffer).toString('hex', 1, 4);
      return ['a=rtpmap:96 H264/90000', `a=fmtp:96 packetization-mode=1;profile-level-id=${profile};sprop-parameter-sets=${base64.join(',')}`];
    }
    const [vps, sps, pps] = base64;
    return ['a=rtpmap:96 H265/90000', `a=fmtp:96 sprop-vps=${vps};sprop-sps=${sps};sprop-pps=${pps}`];
  }

  parameterSets(fault: RtspFault): readonly Buffer[] {
    const { codec, parameterSets } = this.clip;
    return fault === 'wrong-sps' && codec === 'h264' ? [FOREIGN_SPS, ...parameterSets.slice(1)] : parameterSets;
  }
}
