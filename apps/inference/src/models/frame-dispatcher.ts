import type { CameraId } from '@argus/contracts';
import type { Clock } from '@argus/kernel';
import { FairScheduler, type Mailbox } from '@argus/pipeline';
import type { ModelLane } from './model-lane.js';

/** Gives one detector's free workers to the cameras that wait, fairly, one frame of a camera at a time and in order. */
export class FrameDispatcher<T> {
  readonly #scheduler = new FairScheduler<CameraId, T>();
  readonly #members = new Map<CameraId, Mailbox<T>>();

  constructor(
    private readonly lane: Pick<ModelLane, 'free'>,
    /** Takes one frame through the stages; must start its run on the lane before it first waits. Never rejects. */
    private readonly process: (cameraId: CameraId, item: T) => Promise<void>,
    private readonly clock: Clock,
  ) {}

  join(cameraId: CameraId, mailbox: Mailbox<T>): void {
    this.#members.set(cameraId, mailbox);
    this.#scheduler.add(cameraId, mailbox);
  }

  leave(cameraId: CameraId): void {
    this.#members.delete(cameraId);
    this.#scheduler.remove(cameraId);
  }

  /** Call when a frame was put in a mailbox or a worker became free. */
  poke(): void {
    while (this.lane.free > 0) {
      const next = this.#scheduler.next(this.clock.monotonicMs());
      if (!next) return;
      const { key, item, mailbox } = next;
      // Out of the schedule while one of its frames is under way: tracks need their pictures in order.
      this.#scheduler.remove(key);
      void this.process(key, item).finally(() => {
        if (this.#members.get(key) === mailbox) this.#scheduler.add(key, mailbox);
        this.poke();
      });
    }
  }
}
