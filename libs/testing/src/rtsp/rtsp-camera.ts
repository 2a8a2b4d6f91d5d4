import type { H264Clip } from './h264-clip.js';
import type { RtspUser } from './rtsp-auth.js';

/**
 * What a camera does wrong. stall: goes on listening, sends nothing. garbage: every packet's payload is random. bit-flips: some
 * bits of many packets are turned. wrong-sps: announces and sends parameter sets of another picture. no-keys: key
 * frames are left out, as between two far-apart ones. refuse: closes every connection.
 */
export const RTSP_FAULTS = ['none', 'stall', 'garbage', 'bit-flips', 'wrong-sps', 'no-keys', 'refuse'] as const;
export type RtspFault = (typeof RTSP_FAULTS)[number];

export interface RtspCameraSettings {
  /** Without a slash, e.g. `cam1`. */
  readonly path: string;
  /** Where in the clip the camera was when the server started. */
  readonly startSeconds?: number;
  /** null: no password asked for. */
  readonly user?: RtspUser | null;
  readonly fault?: RtspFault;
}

/** A baseline 64x48 SPS that has nothing to do with any clip. */
const FOREIGN_SPS = Buffer.from('6742c00ad90446d9', 'hex');

/** One camera: a clip that loops since the server started, like a camera that films whether somebody looks or not. */
export class RtspCamera {
  readonly path: string;
  readonly user: RtspUser | null;
  fault: RtspFault;
  /** Pictures sent to all clients. */
  sent = 0;
  readonly clip: H264Clip;
  readonly #startMs: number;
  readonly #bornMs = performance.now();

  constructor(clip: H264Clip, settings: RtspCameraSettings) {
    this.clip = clip;
    this.path = settings.path;
    this.user = settings.user ?? null;
    this.fault = settings.fault ?? 'none';
    this.#startMs = (settings.startSeconds ?? 0) * 1000;
  }

  /** Media time now, milliseconds; runs on over loops. */
  nowMs(): number {
    return this.#startMs + performance.now() - this.#bornMs;
  }

  /** Number of the last key frame at or before now, counted on over loops. */
  lastKeyIndex(): number {
    const { units, durationMs } = this.clip;
    const now = this.nowMs();
    const loops = Math.floor(now / durationMs);
    const index = units.findLastIndex((unit) => unit.key && unit.timeMs <= now - loops * durationMs);
    return loops * units.length + Math.max(0, index);
  }

  /** When the unit with this running number is due, media milliseconds. */
  timeOf(index: number): number {
    const { units, durationMs } = this.clip;
    return Math.floor(index / units.length) * durationMs + (units[index % units.length]?.timeMs ?? 0);
  }

  isKey(index: number): boolean {
    return this.clip.units[index % this.clip.units.length]?.key ?? false;
  }

  /** The NAL units of this picture, parameter sets before key frames as cameras send them. */
  nalsOf(index: number): readonly Buffer[] {
    const unit = this.clip.units[index % this.clip.units.length];
    if (unit === undefined) return [];
    return unit.key ? [this.#sps(), this.clip.pps, ...unit.nals] : unit.nals;
  }

  describe(): string {
    const sps = this.#sps();
    const sets = [sps, this.clip.pps].map((set) => set.toString('base64')).join(',');
    const lines = [
      'v=0', 'o=- 0 0 IN IP4 127.0.0.1', `s=${this.path}`, 'c=IN IP4 0.0.0.0', 't=0 0', 'a=control:*',
      'm=video 0 RTP/AVP 96', 'a=rtpmap:96 H264/90000',
      `a=fmtp:96 packetization-mode=1;profile-level-id=${sps.toString('hex', 1, 4)};sprop-parameter-sets=${sets}`,
      'a=control:trackID=0', '',
    ];
    return lines.join('\r\n');
  }

  #sps(): Buffer {
    return this.fault === 'wrong-sps' ? FOREIGN_SPS : this.clip.sps;
  }
}
