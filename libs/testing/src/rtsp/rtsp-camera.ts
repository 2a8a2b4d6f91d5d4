import { randomInt } from 'node:crypto';
import type { PackedClip } from './packed-clip.js';
import { modulo, stamp } from './rtp-packing.js';
import type { RtspUser } from './rtsp-auth.js';
import { RtspSound, senderReport, type SoundFault } from './rtsp-sound.js';
import type { SoundClip } from './sound-clip.js';
import { damageBytes, type RtspFault } from './rtsp-fault.js';

export interface RtspCameraSettings {
  /** Without a slash, e.g. `cam1`. */
  readonly path: string;
  /** Where in the clip the camera was when the server started. */
  readonly startSeconds?: number;
  /** What it shows; left out: the usual clip. */
  readonly clip?: 'otherSize' | 'otherCodec';
  /** null: no password asked for. */
  readonly user?: RtspUser | null;
  readonly fault?: RtspFault;
  /** Where the cameras have sound. */
  readonly soundFault?: SoundFault;
  /** Says once a second what time its streams are of, as most cameras do. */
  readonly senderReports?: boolean;
}

/** What a camera can show: usually, and after a switch. null: this one cannot switch. */
export interface CameraClips {
  readonly usual: PackedClip;
  readonly otherSize: PackedClip | null;
  readonly otherCodec: PackedClip | null;
}

/** Somebody who plays the camera. */
export interface Viewer {
  /** False: it reads too slowly, the picture is lost to it. */
  take(bytes: Buffer): boolean;
  hangUp(): void;
  /** It has asked for the sound, too. */
  readonly hears?: boolean;
}

/** Counters of one camera since its process started. */
export interface CameraSent {
  /** Pictures sent to all clients, and the wall time of the last one; null: none yet. */
  readonly sent: number;
  readonly lastSentMs: number | null;
  /** Clients that asked for it. */
  readonly connections: number;
}

const CLOCK_KHZ = 90;
const FLOOD = 10;
const PAUSE_MS = 500;
const HOUR = 3600 * 1000 * CLOCK_KHZ;
const BEFORE_WRAP = 2 ** 32 - PAUSE_MS * CLOCK_KHZ;
/** With these the camera sends nothing, whatever its clock says. */
const SILENT: readonly RtspFault[] = ['stall', 'power-cut', 'refuse'];
const HANGS_UP: readonly RtspFault[] = ['refuse', 'codec-reconnect'];

/** One camera: a clip that loops since the server started, like a camera that films whether somebody looks or not. */
export class RtspCamera {
  readonly path: string;
  readonly user: RtspUser | null;
  connections = 0;
  #sent = 0;
  #lastSentMs: number | null = null;
  #fault: RtspFault;
  readonly #clips: CameraClips;
  /** What is shown now, and at which media time of the camera it began. */
  #track: { readonly clip: PackedClip; readonly originMs: number };
  #clock: { readonly mediaMs: number; readonly atMs: number; readonly speed: number };
  readonly #viewers = new Set<Viewer>();
  /** Packets since the last key frame: a new viewer begins with them. */
  #group: Buffer[] = [];
  #groupStamp = { sequence: 0, timestamp: 0 };
  #groupMs = 0;
  #next = 0;
  #heldUntilMs = 0;
  #sequence = randomInt(2 ** 16);
  #ssrc = randomInt(2 ** 31);
  #shift = 0;
  readonly sound: RtspSound | null;
  readonly #reports: boolean;
  #reportedMs = -Infinity;

  constructor(clips: CameraClips, settings: RtspCameraSettings, heard: SoundClip | null = null) {
    this.path = settings.path;
    this.user = settings.user ?? null;
    const clip = settings.clip ? clips[settings.clip] : clips.usual;
    if (clip === null) throw new Error(`${settings.path}: expected a clip "${settings.clip}" among the server's options`);
    this.#reports = settings.senderReports ?? false;
    this.sound = heard && new RtspSound(heard, clip.clip.durationMs, settings.soundFault ?? 'none');
    this.#clips = { ...clips, usual: clip };
    this.#track = { clip, originMs: 0 };
    this.#clock = { mediaMs: (settings.startSeconds ?? 0) * 1000, atMs: performance.now(), speed: 1 };
    this.#fault = 'none';
    this.fault = settings.fault ?? 'none';
  }

  get fault(): RtspFault {
    return this.#fault;
  }

  /** Throws when the camera has no clip to switch to. */
  set fault(fault: RtspFault) {
    const before = this.#fault;
    if (this.#clipFor(fault) === null) throw new Error(`${this.path}: expected a clip to switch to for the fault ${fault}`);
    this.#clock = { mediaMs: this.nowMs(), atMs: performance.now(), speed: fault === 'flood' ? FLOOD : 1 };
    this.#fault = fault;
    const wasOtherCamera = before === 'codec-reconnect' && fault !== before;
    if (HANGS_UP.includes(fault) || wasOtherCamera) for (const viewer of this.#viewers) viewer.hangUp();
  }

  get counts(): CameraSent {
    return { sent: this.#sent, lastSentMs: this.#lastSentMs, connections: this.connections };
  }

  get watched(): boolean {
    return this.#viewers.size > 0;
  }

  /** Media time now, milliseconds; runs on over loops. */
  nowMs(): number {
    const { mediaMs, atMs, speed } = this.#clock;
    return mediaMs + (performance.now() - atMs) * speed;
  }

  describe(): string {
    const lines = ['v=0', 'o=- 0 0 IN IP4 127.0.0.1', `s=${this.path}`, 'c=IN IP4 0.0.0.0', 't=0 0', 'a=control:*', 'm=video 0 RTP/AVP 96'];
    return [...lines, ...this.#wanted().media(this.#fault), 'a=control:trackID=0', ...(this.sound?.describe() ?? []), ''].join('\r\n');
  }

  /** The stamp of the first packet that somebody who joins now is sent. */
  start(): { readonly sequence: number; readonly timestamp: number } {
    if (!this.watched) this.#startAtKey();
    return this.#group.length > 0 ? this.#groupStamp : { sequence: this.#sequence, timestamp: this.#timestamp() };
  }

  /** The same of the sound: of the moment of that packet. */
  startSound(): { readonly sequence: number; readonly timestamp: number } | null {
    return this.sound?.start(this.#groupMs) ?? null;
  }

  /** All that a viewer misses of the running group, then pictures as they are due. */
  join(viewer: Viewer): void {
    if (!this.watched) this.#startAtKey();
    this.#viewers.add(viewer);
    if (!SILENT.includes(this.#fault)) for (const bytes of this.#group) this.#give(viewer, bytes);
  }

  leave(viewer: Viewer): void {
    this.#viewers.delete(viewer);
  }

  /** Sends everything that is due; says in how many milliseconds the next picture is. */
  tick(): number {
    for (;;) {
      const [pictureMs, soundMs] = [this.#dueMs(), this.sound?.dueMs ?? Infinity];
      const waitMs = (Math.min(pictureMs, soundMs) - this.nowMs()) / this.#clock.speed;
      if (waitMs > 0) return waitMs;
      if (soundMs < pictureMs) {
        this.#sendSound();
        continue;
      }
      this.#emit();
      this.#next += 1;
    }
  }

  #report(): void {
    const mediaMs = this.#track.originMs + this.#track.clip.timeOf(this.#next);
    if (!this.#reports || mediaMs - this.#reportedMs < 1000) return;
    this.#reportedMs = mediaMs;
    const wallMs = Date.now() - (this.nowMs() - mediaMs);
    const bytes = [senderReport(1, this.#ssrc, this.#timestamp(), wallMs), ...(this.sound ? [this.sound.report(mediaMs, wallMs)] : [])];
    for (const viewer of this.#viewers) for (const report of viewer.hears === true ? bytes : bytes.slice(0, 1)) viewer.take(report);
  }

  #sendSound(): void {
    const bytes = this.sound?.take();
    if (bytes === undefined || SILENT.includes(this.#fault)) return;
    for (const viewer of this.#viewers) if (viewer.hears === true) viewer.take(bytes);
  }

  #startAtKey(): void {
    this.sound?.skipTo(this.nowMs());
    const clip = this.#wanted();
    if (this.#track.clip !== clip) this.#track = { clip, originMs: this.nowMs() };
    this.#next = clip.lastKeyIndex(this.nowMs() - this.#track.originMs);
    this.#heldUntilMs = 0;
    this.#group = [];
    this.#groupMs = this.#track.originMs + clip.timeOf(this.#next);
  }

  #dueMs(): number {
    const { clip, originMs } = this.#track;
    const timeMs = originMs + clip.timeOf(this.#next);
    if (this.#fault === 'burst' && clip.isKey(this.#next)) this.#heldUntilMs = timeMs + PAUSE_MS;
    return this.#fault === 'burst' ? Math.max(timeMs, this.#heldUntilMs) : timeMs;
  }

  #emit(): void {
    if (this.#track.clip.isKey(this.#next)) this.#atKey();
    const { clip } = this.#track;
    if (SILENT.includes(this.#fault) || (this.#fault === 'no-keys' && clip.isKey(this.#next))) return;
    const picture = clip.packed(this.#next, this.#fault);
    const stampNow = { sequence: this.#sequence, timestamp: this.#timestamp() };
    const bytes = stamp(picture, { ...stampNow, ssrc: this.#ssrc });
    damageBytes(this.#fault, picture, bytes);
    this.#sequence = (this.#sequence + picture.starts.length) & 0xffff;
    this.#report();
    if (this.#group.length === 0) {
      this.#groupStamp = stampNow;
      this.#groupMs = this.#track.originMs + clip.timeOf(this.#next);
    }
    this.#group.push(bytes);
    for (const viewer of this.#viewers) this.#give(viewer, bytes);
    if (this.#fault === 'hang-up') for (const viewer of this.#viewers) viewer.hangUp();
  }

  /** The seam at which a camera can change what it is. */
  #atKey(): void {
    this.#group = [];
    const wanted = this.#wanted();
    if (wanted !== this.#track.clip) {
      this.#track = { clip: wanted, originMs: this.#track.originMs + this.#track.clip.timeOf(this.#next) };
      this.#next = 0;
    }
    if (this.#fault === 'pts-forward') this.#shift += HOUR;
    if (this.#fault === 'pts-back') this.#shift -= HOUR;
    if (this.#fault === 'pts-wrap') this.#shift += BEFORE_WRAP - modulo(this.#timestamp(), 2 ** 32);
    if (this.#fault === 'ssrc-change') [this.#ssrc, this.#sequence] = [randomInt(2 ** 31), randomInt(2 ** 16)];
  }

  #timestamp(): number {
    const { clip, originMs } = this.#track;
    return modulo(Math.round((originMs + clip.timeOf(this.#next)) * CLOCK_KHZ) + this.#shift, 2 ** 32);
  }

  #give(viewer: Viewer, bytes: Buffer): void {
    if (!viewer.take(bytes)) return;
    this.#sent += 1;
    this.#lastSentMs = Date.now();
  }

  #wanted(): PackedClip {
    return this.#clipFor(this.#fault) ?? this.#clips.usual;
  }

  #clipFor(fault: RtspFault): PackedClip | null {
    if (fault === 'resolution') return this.#clips.otherSize;
    return fault === 'codec-mid-session' || fault === 'codec-reconnect' ? this.#clips.otherCodec : this.#clips.usual;
  }
}
