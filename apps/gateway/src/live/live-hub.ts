import type { CameraState, LiveMessage } from '@argus/contracts';
import { EMPTY, type Observable } from 'rxjs';
import type { LiveStream } from '../engine/engine-link.js';
import { RunningGroup } from './running-group.js';
import { ViewerQueue, type ViewerSink } from './viewer-queue.js';

/** Where packets come from; the link to the engine. */
export interface LiveSource {
  readonly packets: Observable<LiveStream & { packet: Uint8Array }>;
  readonly liveMessages: Observable<LiveStream & { message: LiveMessage }>;
  watch(streams: readonly LiveStream[]): void;
}

interface WatchedStream extends LiveStream {
  readonly viewers: Set<ViewerQueue>;
  /** The stream's description as text, for viewers who come later. */
  description: string | null;
  /** Of a main stream: how it is doing, as text. */
  state: string | null;
  /** Why there is no stream, as text: for viewers who come later too. */
  withheld: string | null;
  readonly group: RunningGroup;
}

/** A stream stays watched this long after its last viewer, so that a page reload finds it running. */
const LINGER_MS = 3000;

/** Hands each packet of a stream to all its viewers as it came: one copy from the engine, however many watch. */
export class LiveHub {
  readonly #streams = new Map<string, WatchedStream>();
  readonly #subscriptions: { unsubscribe(): void }[];

  constructor(
    private readonly source: LiveSource,
    states: Observable<CameraState>,
    /** Settings of cameras have changed, masks perhaps: who comes now gets nothing from before. */
    changes: Observable<unknown> = EMPTY,
  ) {
    this.#subscriptions = [
      source.packets.subscribe(({ packet, ...of }) => {
        const watched = this.#find(of);
        watched?.group.add(packet);
        for (const viewer of watched?.viewers ?? []) viewer.packet(packet);
      }),
      source.liveMessages.subscribe(({ message, ...of }) => this.#tell(of, message)),
      changes.subscribe(() => {
        for (const { group } of this.#streams.values()) group.clear();
      }),
      states.subscribe((state) => {
        const text = JSON.stringify({ type: 'state', state } satisfies LiveMessage);
        for (const viewer of this.#find({ cameraId: state.cameraId, stream: 'analysis' })?.viewers ?? []) viewer.state(text);
      }),
    ];
  }

  /** `state`: of the camera. The returned function ends the view. */
  join(of: LiveStream, sink: ViewerSink, state: CameraState): () => void {
    const viewer = new ViewerQueue(sink);
    const known = this.#find(of);
    const watched = known ?? { ...of, viewers: new Set<ViewerQueue>(), description: null, state: null, withheld: null, group: new RunningGroup() };
    this.#streams.set(keyOf(of), watched);
    watched.viewers.add(viewer);
    // A main stream has a state of its own, and the engine tells it.
    const stateText = of.stream === 'main' ? watched.state : JSON.stringify({ type: 'state', state } satisfies LiveMessage);
    if (stateText !== null) viewer.state(stateText);
    if (watched.withheld !== null) viewer.withheld(watched.withheld);
    if (watched.description !== null) viewer.stream(watched.description);
    for (const packet of watched.group.packets) viewer.packet(packet);
    if (!known) this.#announce();
    return () => {
      watched.viewers.delete(viewer);
      if (watched.viewers.size === 0) setTimeout(() => this.#forget(of), LINGER_MS).unref();
    };
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }

  #tell(of: LiveStream, message: LiveMessage): void {
    const watched = this.#find(of);
    if (!watched) return;
    const text = JSON.stringify(message);
    if (message.type === 'state') watched.state = text;
    if (message.type === 'stream' || message.type === 'withheld') {
      watched.description = message.type === 'stream' ? text : null;
      watched.withheld = message.type === 'withheld' ? text : null;
      watched.group.clear();
    }
    for (const viewer of watched.viewers) viewer[message.type](text);
  }

  #forget(of: LiveStream): void {
    if (this.#find(of)?.viewers.size !== 0) return;
    this.#streams.delete(keyOf(of));
    this.#announce();
  }

  #announce(): void {
    this.source.watch([...this.#streams.values()].map(({ cameraId, stream }) => ({ cameraId, stream })));
  }

  #find(of: LiveStream): WatchedStream | undefined {
    return this.#streams.get(keyOf(of));
  }
}

const keyOf = ({ cameraId, stream }: LiveStream): string => `${cameraId} ${stream}`;
