import type { CameraId, EngineToGateway, Track } from '@argus/contracts';
import type { EngineUnderTest } from './engine-under-test.ts';

/** A stretch of wall time, milliseconds. */
export interface Interval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Finished tracks of persons as the gateway hears of them, and the pictures in which somebody was seen. */
export class TrackLog {
  readonly #tracks: Track[] = [];

  constructor(engine: EngineUnderTest) {
    engine.fixture.gateway.onMessage = (message) => this.#hear(message);
  }

  of(cameraId: CameraId): Interval[] {
    return this.#tracks.filter((track) => track.cameraId === cameraId && track.label === 'person').map(({ startedAt, endedAt }) => ({ fromMs: Date.parse(startedAt), toMs: Date.parse(endedAt) }));
  }

  #hear(message: EngineToGateway): void {
    if (message.type === 'tracks') this.#tracks.push(...message.tracks);
  }
}

export const overlap = (a: Interval, b: Interval): boolean => a.fromMs <= b.toMs && b.fromMs <= a.toMs;

/** Shares of an interval that the others cover, 0..1; where they overlap each other it counts once. */
export function coverage(interval: Interval, others: readonly Interval[]): number {
  let coveredMs = 0;
  let reachedMs = interval.fromMs;
  for (const other of [...others].sort((a, b) => a.fromMs - b.fromMs)) {
    const fromMs = Math.max(other.fromMs, reachedMs);
    const toMs = Math.min(other.toMs, interval.toMs);
    if (toMs <= fromMs) continue;
    coveredMs += toMs - fromMs;
    reachedMs = toMs;
  }
  return coveredMs / (interval.toMs - interval.fromMs);
}
