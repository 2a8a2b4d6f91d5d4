import type { CameraId, DropCause, ModelId } from '@argus/contracts';
import { Mailbox, type SeatOptions } from '@argus/pipeline';
import type { FrameDispatcher } from '../models/frame-dispatcher.js';
import type { PooledModel } from '../models/model-pool.js';

/** How frames wait at a detector. */
export interface WaitingRoom {
  readonly depth: number;
  readonly staleMs: number;
}

export interface DetectorSeatsOptions<T extends object> {
  readonly cameraId: CameraId;
  readonly dispatcherOf: (model: PooledModel) => FrameDispatcher<T>;
  readonly onDrop: (item: T, cause: DropCause) => void;
  /** Frames of this model are analysed from now on. */
  readonly onTurn: (model: PooledModel) => void;
}

interface Seat<T> {
  readonly model: PooledModel;
  readonly mailbox: Mailbox<T>;
}

/**
 * A camera's places at its detectors: one, and while a detector takes over from another two. The new one begins when the last frame that
 * was scaled for the old one is done, so that none is lost and tracks see pictures in order.
 */
export class DetectorSeats<T extends object> {
  readonly #seats: Seat<T>[] = [];
  readonly #mailboxOf = new WeakMap<T, Mailbox<T>>();
  #room: WaitingRoom = { depth: 1, staleMs: 1000 };
  #options: SeatOptions = {};

  constructor(private readonly options: DetectorSeatsOptions<T>) {}

  /** For which new frames are scaled. */
  get newest(): PooledModel | null {
    return this.#seats.at(-1)?.model ?? null;
  }

  /** Frames come for this model from now on; null: for none. */
  use(model: PooledModel | null, room: WaitingRoom, seatOptions: SeatOptions): void {
    this.#options = seatOptions;
    const sameRoom = room.depth === this.#room.depth && room.staleMs === this.#room.staleMs;
    this.#room = room;
    if (model === null) return this.leave();
    const newest = this.#seats.at(-1);
    if (newest?.model !== model || !sameRoom) this.#seats.push({ model, mailbox: new Mailbox<T>({ onDrop: this.options.onDrop, ...room }) });
    if (this.#seats.length === 1 && newest === undefined) this.options.onTurn(model);
    this.#sit();
    this.#advance();
  }

  /** The model whose pixels these are; null: the camera has no place there any more. */
  find(id: ModelId): PooledModel | null {
    return this.#seats.findLast((seat) => seat.model.manifest.id === id)?.model ?? null;
  }

  /** A frame for the model that `find` gave. */
  offer(model: PooledModel, item: T, sinceMs: number, inBurst: boolean): void {
    const seat = this.#seats.findLast((candidate) => candidate.model === model);
    if (!seat) return this.options.onDrop(item, 'stopped');
    this.#mailboxOf.set(item, seat.mailbox);
    seat.mailbox.offer(item, sinceMs, inBurst);
    this.#advance();
    const [first] = this.#seats;
    if (first) this.options.dispatcherOf(first.model).poke();
  }

  /** A frame that was taken is done. */
  settle(item: T, outcome: 'analysed' | DropCause): void {
    this.#mailboxOf.get(item)?.settle(item, outcome);
    this.#advance();
  }

  leave(): void {
    const [first] = this.#seats;
    if (first) this.options.dispatcherOf(first.model).leave(this.options.cameraId);
    for (const seat of this.#seats.splice(0)) seat.mailbox.close();
  }

  #advance(): void {
    const { cameraId, dispatcherOf, onTurn } = this.options;
    while (this.#seats.length > 1) {
      const [first, next] = this.#seats as [Seat<T>, Seat<T>];
      if (!first.mailbox.idle || !next.mailbox.waiting) return;
      this.#seats.shift();
      dispatcherOf(first.model).leave(cameraId);
      if (first.model !== next.model) onTurn(next.model);
      this.#sit();
    }
  }

  #sit(): void {
    const [first] = this.#seats;
    if (first) this.options.dispatcherOf(first.model).join(this.options.cameraId, first.mailbox, this.#options);
  }
}
