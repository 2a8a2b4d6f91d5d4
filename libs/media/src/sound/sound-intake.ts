import { AV_NOPTS_VALUE } from 'node-av/constants';
import type { Packet, Stream } from 'node-av/lib';
import { JUMP_US, type Timeline } from '../timeline.js';
import type { Input } from '../video-input.js';
import type { SoundPacket } from './sound-packet.js';
import { describeSound, foreignSound, type SoundStream } from './sound-stream.js';

/** What is held while no picture comes: some seconds of the smallest packets. */
const MOST_HELD = 500;
/** A packet of sound is no larger. */
const MOST_BYTES = 64 * 1024;

/** The sound of an input, put on the time of its pictures. */
export class SoundIntake {
  /** Why it is left out, in words. */
  foreign: string | null = null;
  #source: Stream | null = null;
  #tickUs = 0;
  #stream: SoundStream | null = null;
  #held: SoundPacket[] = [];
  #input: Input | null = null;

  constructor(private readonly timeline: Timeline) {}

  /** null: nothing is known of it yet. */
  get stream(): SoundStream | null {
    return this.#stream;
  }

  /** From here on packets are of this one. */
  follow(input: Input): void {
    const { sound: source } = input;
    this.#input = input;
    this.#held = [];
    this.#source = source;
    if (source === null) return;
    const { num, den } = source.timeBase;
    this.#tickUs = (num * 1_000_000) / den;
    const name = foreignSound(source.codecpar);
    this.foreign = name === null ? null : `the camera's sound is ${name}, which cannot be recorded: expected AAC, G.711, MP3 or Opus`;
    if (name !== null) this.#source = null;
    else this.#stream ??= describeSound(source.codecpar, null);
  }

  /** A picture, with the time that it came with: the first ones say how far that can be trusted. */
  see(packet: Packet): void {
    this.#input?.lag?.see(packet, this.#input.stream);
  }

  /** Copies it, if it is sound that can be used; it still belongs to the caller. */
  take(packet: Packet): void {
    const source = this.#source;
    if (source === null || packet.streamIndex !== source.index) return;
    const { data, pts } = packet;
    if (data === null || data.length === 0 || data.length > MOST_BYTES) return;
    const bytes = Uint8Array.from(data);
    this.#stream ??= describeSound(source.codecpar, bytes);
    const ptsUs = pts === AV_NOPTS_VALUE ? null : this.#mediaTime(pts);
    // Of a time at which there are no pictures: a damaged one, or from behind a jump.
    if (ptsUs !== null && Math.abs(ptsUs - this.timeline.latestUs) > JUMP_US) return;
    this.#held.push({ ptsUs, data: bytes });
    if (this.#held.length > MOST_HELD) this.#held.shift();
  }

  /** null: no picture has said yet what time it is. */
  #mediaTime(pts: bigint): number | null {
    const { offsetUs, stepUs } = this.timeline;
    const lag = this.#input?.lag ?? null;
    return offsetUs === null ? null : Math.round(Number(pts) * this.#tickUs) + offsetUs - (lag?.found === true ? stepUs : 0);
  }

  /** What came since it was asked last. */
  give(): readonly SoundPacket[] | undefined {
    if (this.#held.length === 0) return undefined;
    return this.#held.splice(0);
  }
}
