import type { CameraId, CameraState, LiveMessage } from '@argus/contracts';
import { EMPTY, type Observable } from 'rxjs';
import { RunningGroup } from './running-group.js';
import { ViewerQueue, type ViewerSink } from './viewer-queue.js';

/** Where packets come from; the link to the engine. */
export interface LiveSource {
  readonly packets: Observable<{ cameraId: CameraId; packet: Uint8Array }>;
  readonly liveMessages: Observable<{ cameraId: CameraId; message: LiveMessage }>;
  watch(cameraIds: readonly CameraId[]): void;
}

interface WatchedCamera {
  readonly viewers: Set<ViewerQueue>;
  /** The stream's description as text, for viewers who come later. */
  stream: string | null;
  /** Why there is no stream, as text: for viewers who come later too. */
  withheld: string | null;
  readonly group: RunningGroup;
}

/** A camera stays watched this long after its last viewer, so that a page reload finds it running. */
const LINGER_MS = 3000;

/** Hands each packet of a camera to all its viewers as it came: one copy from the engine, however many watch. */
export class LiveHub {
  readonly #cameras = new Map<CameraId, WatchedCamera>();
  readonly #subscriptions: { unsubscribe(): void }[];

  constructor(
    private readonly source: LiveSource,
    states: Observable<CameraState>,
    /** Settings of cameras have changed, masks perhaps: who comes now gets nothing from before. */
    changes: Observable<unknown> = EMPTY,
  ) {
    this.#subscriptions = [
      source.packets.subscribe(({ cameraId, packet }) => {
        const camera = this.#cameras.get(cameraId);
        camera?.group.add(packet);
        for (const viewer of camera?.viewers ?? []) viewer.packet(packet);
      }),
      source.liveMessages.subscribe(({ cameraId, message }) => this.#tell(cameraId, message)),
      changes.subscribe(() => {
        for (const { group } of this.#cameras.values()) group.clear();
      }),
      states.subscribe((state) => {
        const text = JSON.stringify({ type: 'state', state } satisfies LiveMessage);
        for (const viewer of this.#cameras.get(state.cameraId)?.viewers ?? []) viewer.state(text);
      }),
    ];
  }

  /** The returned function ends the view. */
  join(cameraId: CameraId, sink: ViewerSink, state: CameraState): () => void {
    const viewer = new ViewerQueue(sink);
    const camera = this.#cameras.get(cameraId) ?? { viewers: new Set<ViewerQueue>(), stream: null, withheld: null, group: new RunningGroup() };
    const isNew = !this.#cameras.has(cameraId);
    this.#cameras.set(cameraId, camera);
    camera.viewers.add(viewer);
    viewer.state(JSON.stringify({ type: 'state', state } satisfies LiveMessage));
    if (camera.withheld !== null) viewer.withheld(camera.withheld);
    if (camera.stream !== null) viewer.stream(camera.stream);
    for (const packet of camera.group.packets) viewer.packet(packet);
    if (isNew) this.#announce();
    return () => {
      camera.viewers.delete(viewer);
      if (camera.viewers.size === 0) setTimeout(() => this.#forget(cameraId), LINGER_MS).unref();
    };
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  #tell(cameraId: CameraId, message: LiveMessage): void {
    const camera = this.#cameras.get(cameraId);
    if (!camera) return;
    const text = JSON.stringify(message);
    if (message.type === 'stream' || message.type === 'withheld') {
      camera.stream = message.type === 'stream' ? text : null;
      camera.withheld = message.type === 'withheld' ? text : null;
      camera.group.clear();
    }
    for (const viewer of camera.viewers) viewer[message.type](text);
  }

  #forget(cameraId: CameraId): void {
    if (this.#cameras.get(cameraId)?.viewers.size !== 0) return;
    this.#cameras.delete(cameraId);
    this.#announce();
  }

  #announce(): void {
    this.source.watch([...this.#cameras.keys()]);
  }
}
