import type { CameraId } from '@argus/contracts';
import type { Clock } from '@argus/kernel';
import { FairScheduler, type Mailbox, type SeatOptions } from '@argus/pipeline';
import type { ModelLane } from './model-lane.js';

/** Gives one detector's room to the cameras that wait, fairly, one frame of a camera at a time and in order; frames of several cameras share a run. */
export class FrameDispatcher<T> {
  readonly #scheduler = new FairScheduler<CameraId, T>();
  readonly #members = new Map<CameraId, Mailbox<T>>();

  constructor(
    private readonly lane: Pick<ModelLane, 'room' | 'expectedMsFor'>,
    /** Takes one frame through the stages; must ask the lane before it first waits. Never rejects. */
    private readonly process: (cameraId: CameraId, item: T) => Promise<void>,
    private readonly clock: Clock,
  ) {}

  /** Also changes the place of a camera that is there already. */
  join(cameraId: CameraId, mailbox: Mailbox<T>, options: SeatOptions = {}): void {
    this.#members.set(cameraId, mailbox);
    this.#scheduler.add(cameraId, mailbox, options);
  }

  leave(cameraId: CameraId): void {
    this.#members.delete(cameraId);
    this.#scheduler.remove(cameraId);
  }

  /** Call when a frame was put in a mailbox or a session became free. */
  poke(): void {
    while (this.lane.room > 0) {
      const next = this.#scheduler.next(this.clock.monotonicMs(), (cost) => this.lane.expectedMsFor(cost));
      if (!next) return;
      const { key, item, mailbox } = next;
      // Passed over while one of its frames is under way: tracks need their pictures in order.
      this.#scheduler.hold(key);
      void this.process(key, item).finally(() => {
        if (this.#members.get(key) === mailbox) this.#scheduler.release(key);
        this.poke();
      });
    }
  }
}
