import type { CameraId, CameraState, CameraStream, LiveMessage, OverlayObject, SizePixels, StreamInfo, TrackedObject } from '@argus/contracts';
import type { ShownStream } from '../ingest/messages.js';
import type { EngineLink } from '../link/engine-link.js';

interface KnownStream {
  readonly stream: StreamInfo;
  readonly codecString: string;
}

/**
 * What viewers get of one of the streams of watched cameras: its description first, then packets from a key frame on, and overlays that name their
 * frame by pts. While the gateway is behind, a camera's packets are dropped up to its next key frame.
 */
export class LiveOutlet {
  readonly #streams = new Map<CameraId, KnownStream>();
  /** Of masked cameras: what viewers get in the place of the camera's own stream; null: it is not known yet. */
  readonly #masked = new Map<CameraId, ShownStream | null>();
  readonly #waitsForKey = new Set<CameraId>();
  #watched: ReadonlySet<CameraId> = new Set();

  constructor(
    private readonly link: Pick<EngineLink, 'send' | 'sendBinary' | 'congested'>,
    private readonly name: CameraStream,
  ) {}

  isWatched(cameraId: CameraId): boolean {
    return this.#watched.has(cameraId);
  }

  /** Replaces the set of watched cameras; gives those that were not watched before. Their stream description is sent at once. */
  watch(cameraIds: readonly CameraId[], stateOf: (cameraId: CameraId) => CameraState | null): { readonly added: CameraId[]; readonly removed: CameraId[] } {
    const wanted = new Set(cameraIds);
    const added = cameraIds.filter((id) => !this.#watched.has(id));
    const removed = [...this.#watched].filter((id) => !wanted.has(id));
    this.#watched = wanted;
    for (const id of added) {
      this.#describe(id);
      const state = stateOf(id);
      if (state) this.#send(id, { type: 'state', state });
    }
    return { added, removed };
  }

  stream(cameraId: CameraId, stream: StreamInfo, codecString: string): void {
    this.#streams.set(cameraId, { stream, codecString });
    if (this.isWatched(cameraId) && !this.#masked.has(cameraId)) this.#describe(cameraId);
  }

  /** Its masks are others now: what viewers have seen until now is not to be seen any longer. */
  mask(cameraId: CameraId, isMasked: boolean): void {
    if (isMasked) this.#masked.set(cameraId, null);
    else this.#masked.delete(cameraId);
    this.#waitsForKey.add(cameraId);
    if (!this.isWatched(cameraId)) return;
    this.#send(cameraId, { type: 'withheld', reason: 'masks-changed', text: 'the privacy masks of this camera have been changed; the picture comes back with them' });
    this.#describe(cameraId);
  }

  /** What viewers of a masked camera get from now on. */
  shown(cameraId: CameraId, shown: ShownStream): void {
    if (!this.#masked.has(cameraId)) return;
    this.#masked.set(cameraId, shown);
    if (this.isWatched(cameraId)) this.#describe(cameraId);
  }

  state(state: CameraState): void {
    if (this.isWatched(state.cameraId)) this.#send(state.cameraId, { type: 'state', state });
  }

  overlay(cameraId: CameraId, ptsUs: number, frame: SizePixels, objects: readonly TrackedObject[]): void {
    if (this.isWatched(cameraId)) this.#send(cameraId, { type: 'overlay', ptsUs, objects: objects.map((object) => drawn(object, frame)) });
  }

  packet(cameraId: CameraId, key: boolean, data: Uint8Array): void {
    if (!this.isWatched(cameraId)) return;
    if (this.link.congested) this.#waitsForKey.add(cameraId);
    else if (key) this.#waitsForKey.delete(cameraId);
    if (!this.#waitsForKey.has(cameraId)) this.link.sendBinary(data);
  }

  forget(cameraId: CameraId): void {
    this.#streams.delete(cameraId);
    if (this.#masked.has(cameraId)) this.#masked.set(cameraId, null);
    this.#waitsForKey.delete(cameraId);
  }

  #describe(cameraId: CameraId): void {
    const known = this.#masked.has(cameraId) ? this.#masked.get(cameraId) : this.#streams.get(cameraId);
    if (!known) return;
    if ('withheld' in known) return this.#send(cameraId, { type: 'withheld', reason: known.withheld, text: known.text });
    const { codec, width, height } = known.stream;
    this.#send(cameraId, { type: 'stream', codec, codecString: known.codecString, width, height });
  }

  #send(cameraId: CameraId, message: LiveMessage): void {
    this.link.send({ type: 'live', cameraId, stream: this.name, message });
  }
}

function drawn(object: TrackedObject, frame: SizePixels): OverlayObject {
  const { trackId, number, label, score, box, observed } = object;
  return {
    trackId,
    number,
    label,
    score,
    observed,
    box: { x: box.x / frame.width, y: box.y / frame.height, width: box.width / frame.width, height: box.height / frame.height },
    attributes: Object.entries(object.attributes).map(([name, attribute]) => ({ name, label: attribute.label, score: attribute.score })),
  };
}
