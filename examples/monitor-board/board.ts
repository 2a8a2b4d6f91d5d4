import type { EventView } from '@argus/contracts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Every time zone begins its hours at a whole quarter of one, so the browser can make its own hours of these. */
const QUARTER_MS = 900_000;
const MOST_EVENTS = 20_000;
const SHOWN_EVENTS = 12;

type Kept = Pick<EventView, 'id' | 'revision' | 'cameraId' | 'cameraName' | 'ruleName' | 'label' | 'startedAt' | 'acknowledgedAt'> & { readonly startedMs: number; readonly hasPicture: boolean };

/** The confirmed events of the last day in memory, and what a page shows of them. */
export class Board {
  readonly #events = new Map<string, Kept>();

  /** Beginning of the oldest hour that is shown. */
  fromMs(nowMs: number): number {
    return Math.floor(nowMs / QUARTER_MS) * QUARTER_MS - DAY_MS + QUARTER_MS;
  }

  get isFull(): boolean {
    return this.#events.size >= MOST_EVENTS;
  }

  /** Whether it changed anything that is shown. */
  add({ id, revision, cameraId, cameraName, ruleName, label, startedAt, acknowledgedAt, confirmedAt, thumbnailKey }: EventView): boolean {
    if (confirmedAt === null || (this.#events.get(id)?.revision ?? 0) > revision || (this.isFull && !this.#events.has(id))) return false;
    this.#events.set(id, { id, revision, cameraId, cameraName, ruleName, label, startedAt, acknowledgedAt, startedMs: Date.parse(startedAt), hasPicture: thumbnailKey !== null });
    return true;
  }

  read(nowMs: number) {
    const fromMs = this.fromMs(nowMs);
    for (const { id, startedMs } of this.#events.values()) if (startedMs < fromMs) this.#events.delete(id);
    const events = [...this.#events.values()].sort((a, b) => b.startedMs - a.startedMs);
    const cameras = new Map<string, { name: string; total: number; quarters: Record<number, number> }>();
    for (const { cameraId, cameraName, startedMs } of events) {
      const camera = cameras.get(cameraId) ?? { name: cameraName, total: 0, quarters: {} };
      const quarter = Math.floor(startedMs / QUARTER_MS);
      camera.total += 1;
      camera.quarters[quarter] = (camera.quarters[quarter] ?? 0) + 1;
      cameras.set(cameraId, camera);
    }
    return {
      nowMs,
      total: events.length,
      isFull: this.isFull,
      lastHour: events.filter(({ startedMs }) => startedMs > nowMs - HOUR_MS).length,
      unseen: events.filter(({ acknowledgedAt }) => acknowledgedAt === null).length,
      cameras: [...cameras.values()].sort((a, b) => b.total - a.total || a.name.localeCompare(b.name)),
      latest: events.slice(0, SHOWN_EVENTS).map(({ id, cameraName, ruleName, label, startedAt, acknowledgedAt, hasPicture }) => ({ id, cameraName, ruleName, label, startedAt, hasPicture, isSeen: acknowledgedAt !== null })),
    };
  }
}
