import type { Priority } from '@argus/contracts';
import type { Mailbox } from './mailbox.js';

export interface Scheduled<K, T> {
  readonly key: K;
  readonly item: T;
  readonly mailbox: Mailbox<T>;
}

export interface SeatOptions {
  /** Share among those of the same class; default 1, must be positive. */
  readonly weight?: number;
  readonly priority?: Priority;
  /** Turns that one item takes; default 1. A picture in six tiles costs as much as six pictures. */
  readonly cost?: number;
}

interface Seat<K, T> {
  readonly key: K;
  readonly mailbox: Mailbox<T>;
  weight: number;
  cost: number;
  /** Turns had, divided by the weight; the lowest goes first. */
  turns: number;
  held: boolean;
}

interface Class<K, T> {
  readonly share: number;
  readonly seats: Map<K, Seat<K, T>>;
  /** Turns that its seats had, divided by the class's share. */
  turns: number;
  /** The turns of the seat that was served last: who comes later starts there. */
  served: number;
}

/** So much more often is a class served than the next one while both always wait: nearly always, and yet nobody starves. */
const SHARES: Readonly<Record<Priority, number>> = { critical: 256, normal: 16, low: 1 };

/**
 * Chooses whose frame is analysed next. A critical camera goes before a normal one and that before a low one, but for one turn in sixteen.
 * Within a class every mailbox has had turns in proportion to its weight, whatever the frame rates: a camera that offers 30 fps cannot take
 * turns from one that offers 1. Who had nothing to offer does not save up turns.
 */
export class FairScheduler<K, T> {
  readonly #classes = new Map<Priority, Class<K, T>>((['critical', 'normal', 'low'] as const).map((priority) => [priority, { share: SHARES[priority], seats: new Map(), turns: 0, served: 0 }]));
  readonly #classOf = new Map<K, Class<K, T>>();
  #served = 0;

  /** Adds a camera or changes its weight, class or cost. */
  add(key: K, mailbox: Mailbox<T>, options: SeatOptions = {}): void {
    const { weight = 1, priority = 'normal', cost = 1 } = options;
    if (!(weight > 0 && cost > 0)) throw new RangeError(`FairScheduler: expected a positive weight and cost, got ${weight} and ${cost}`);
    const group = this.#classes.get(priority) as Class<K, T>;
    const known = group.seats.get(key);
    if (known?.mailbox === mailbox) {
      known.weight = weight;
      known.cost = cost;
      return;
    }
    const before = this.#classOf.get(key)?.seats.get(key);
    this.remove(key);
    this.#classOf.set(key, group);
    group.seats.set(key, { key, mailbox, weight, cost, turns: Math.max(group.served, before && before.mailbox === mailbox ? before.turns : 0), held: false });
  }

  /** Passes it over until `release`: one of its frames is under way, and tracks need their pictures in order. */
  hold(key: K): void {
    this.#setHeld(key, true);
  }

  release(key: K): void {
    this.#setHeld(key, false);
  }

  remove(key: K): void {
    this.#classOf.get(key)?.seats.delete(key);
    this.#classOf.delete(key);
  }

  /** The next frame to analyse, or null when nobody waits. What would be stale when it is done, `takesMs` of its seat's cost from now, is dropped on the way. */
  next(nowMs: number, takesMs: (cost: number) => number = () => 0): Scheduled<K, T> | null {
    for (;;) {
      const found = this.#mostPatient();
      if (!found) return null;
      const { group, seat } = found;
      const item = seat.mailbox.take(nowMs + takesMs(seat.cost));
      if (item === null) continue;
      this.#served = Math.max(this.#served, group.turns);
      group.turns = Math.max(group.turns, this.#served) + seat.cost / group.share;
      group.served = Math.max(group.served, seat.turns);
      seat.turns = Math.max(seat.turns, group.served) + seat.cost / seat.weight;
      // Moving to the end makes equals take turns in order.
      group.seats.delete(seat.key);
      group.seats.set(seat.key, seat);
      return { key: seat.key, item, mailbox: seat.mailbox };
    }
  }

  #setHeld(key: K, held: boolean): void {
    const seat = this.#classOf.get(key)?.seats.get(key);
    if (seat) seat.held = held;
  }

  #mostPatient(): { group: Class<K, T>; seat: Seat<K, T> } | null {
    let best: { group: Class<K, T>; seat: Seat<K, T> } | null = null;
    for (const group of this.#classes.values()) {
      const seat = mostPatientOf(group);
      if (!seat) group.turns = Math.max(group.turns, this.#served);
      else if (!best || group.turns < best.group.turns) best = { group, seat };
    }
    return best;
  }
}

function mostPatientOf<K, T>(group: Class<K, T>): Seat<K, T> | null {
  let best: Seat<K, T> | null = null;
  for (const seat of group.seats.values()) {
    if (!seat.mailbox.waiting) seat.turns = Math.max(seat.turns, group.served);
    else if (!seat.held && (!best || seat.turns < best.turns)) best = seat;
  }
  return best;
}
