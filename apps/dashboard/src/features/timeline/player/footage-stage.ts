import { onEachFrame } from '../../live/player/ticker.js';
import { eventJump, footageJump } from '../footage-spans.js';
import type { FootagePlayer } from './footage-player.js';
import { PlaybackClock } from './playback-clock.js';

type Listener = () => void;

/** A page that was hidden goes on where it was left. */
const LONGEST_TICK_MS = 1000;

/** All players of a page in step: one clock, which stands while a picture that must be shown is not there yet. */
export class FootageStage {
  readonly #clock: PlaybackClock;
  readonly #players = new Set<FootagePlayer>();
  readonly #listeners = new Set<Listener>();
  #stopTicks: (() => void) | null = null;
  #lastMs = 0;
  #scrubbing = false;
  #resume = false;
  #held = false;
  #endMs: number | null = null;

  constructor(positionMs: number) {
    this.#clock = new PlaybackClock(positionMs);
  }

  get positionMs(): number {
    return this.#clock.positionMs;
  }

  get playing(): boolean {
    return this.#clock.playing || this.#resume;
  }

  get rate(): number {
    return this.#clock.rate;
  }

  /** Plays, but waits for a picture. */
  get held(): boolean {
    return this.#held;
  }

  get scrubbing(): boolean {
    return this.#scrubbing;
  }

  /** A clip: it stops there. */
  set endMs(ms: number | null) {
    this.#endMs = ms;
  }

  /** Called when it starts, stops, jumps or changes its pace, not while it only runs on. */
  subscribe = (listener: Listener): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): () => void {
    this.#lastMs = performance.now();
    this.#stopTicks ??= onEachFrame((nowMs) => this.#tick(nowMs));
    return () => {
      this.#stopTicks?.();
      this.#stopTicks = null;
    };
  }

  add(player: FootagePlayer): () => void {
    this.#players.add(player);
    return () => this.#players.delete(player);
  }

  togglePlay(): void {
    if (this.#clock.playing) this.#clock.pause();
    else this.#clock.play();
    this.#tell();
  }

  pause(): void {
    this.#clock.pause();
    this.#tell();
  }

  play(): void {
    this.#clock.play();
    this.#tell();
  }

  setRate(rate: number): void {
    this.#clock.setRate(rate);
    this.#tell();
  }

  shuttle(direction: 1 | -1): void {
    this.#clock.shuttle(direction);
    this.#tell();
  }

  seek(ms: number): void {
    this.#clock.seek(Math.min(ms, Date.now()));
    this.#tell();
  }

  seekBy(ms: number): void {
    this.seek(this.#clock.positionMs + ms);
  }

  /** Dragging: pictures are key frames only, and time stands. */
  scrub(ms: number): void {
    if (!this.#scrubbing) {
      this.#scrubbing = true;
      this.#resume = this.#clock.playing;
      this.#clock.pause();
    }
    this.seek(ms);
  }

  endScrub(): void {
    if (!this.#scrubbing) return;
    this.#scrubbing = false;
    if (this.#resume) this.#clock.play();
    this.#resume = false;
    this.seek(this.#clock.positionMs);
  }

  /** To the neighbouring picture of the first camera that shows one. */
  step(steps: 1 | -1): void {
    const playing = this.#clock.playing;
    this.#clock.pause();
    for (const player of this.#players) {
      // Where time stands the clock is in the picture that is shown, or will be: keys are quicker than decoders.
      const shown = player.shownMs === null || playing ? player.shownMs : this.#clock.positionMs;
      const to = shown === null ? null : player.stepFrom(shown, steps);
      if (to === null) continue;
      this.#clock.seek(to);
      break;
    }
    this.#tell();
  }

  jump(cameras: Parameters<typeof eventJump>[0] & Parameters<typeof footageJump>[0], what: 'event' | 'footage', direction: 1 | -1): boolean {
    const to = (what === 'event' ? eventJump : footageJump)(cameras, this.positionMs, direction);
    if (to !== null) this.seek(to);
    return to !== null;
  }

  #tick(nowMs: number): void {
    const elapsedMs = Math.min(LONGEST_TICK_MS, nowMs - this.#lastMs);
    this.#lastMs = nowMs;
    const held = [...this.#players].some((player) => player.isWaiting(nowMs));
    const playing = this.#clock.playing;
    this.#clock.advance(elapsedMs, held, Math.min(Date.now(), this.#endMs ?? Infinity));
    for (const player of this.#players) player.follow(this.#clock, { nowMs, scrubbing: this.#scrubbing, held });
    // Whoever has caught up with the present goes on as fast as it does.
    if (this.#clock.rate > 1 && [...this.#players].some((player) => player.status.phase === 'edge')) this.setRate(1);
    if (held === this.#held && playing === this.#clock.playing) return;
    this.#held = held;
    this.#tell();
  }

  #tell(): void {
    this.#listeners.forEach((listener) => listener());
  }
}
