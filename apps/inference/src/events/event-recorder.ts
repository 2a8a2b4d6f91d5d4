import type { BoxPixels, Event, EventId, EventTrace, SizePixels } from '@argus/contracts';
import { machineMs, messageOf, type Logger } from '@argus/kernel';
import type { EventChange } from '@argus/pipeline';
import type { FileBlobStore } from '@argus/storage';
import type { Journal } from '../journal/journal.js';
import type { FrameTimeline } from '../profile/frame-timeline.js';

/** What pictures of an event are made from. */
export interface PictureSource extends SizePixels {
  jpeg(crop: BoxPixels | null, maxWidth: number): Promise<Uint8Array | null>;
  /** What it went through; null or absent: nobody wants to know. */
  readonly timeline?: FrameTimeline | null;
}

export interface EventRecorderOptions {
  readonly journal: Pick<Journal, 'append'>;
  readonly blobs: Pick<FileBlobStore, 'put'>;
  readonly bootId: string;
  /** How the event came about; undefined while nobody collects traces. `changedMs`: when the rules changed it, by the machine's clock. */
  readonly trace?: (event: Event, timeline: FrameTimeline | null, changedMs: number) => EventTrace | undefined;
  readonly log: Logger;
}

interface Pictures {
  readonly snapshotKey: string | null;
  readonly thumbnailKey: string | null;
}

const SNAPSHOT_WIDTH = 1280;
const THUMBNAIL_WIDTH = 320;
/** Surroundings of the object on its thumbnail, as a share of its longer side. */
const THUMBNAIL_MARGIN = 0.5;
const NONE: Pictures = { snapshotKey: null, thumbnailKey: null };

/**
 * Writes one camera's event revisions in order: pictures first, as blobs, then the journal entry that names them. An event
 * without pictures is still an event.
 */
export class EventRecorder {
  readonly #pictures = new Map<EventId, Pictures>();
  #taken = 0;
  #tail: Promise<void> = Promise.resolve();

  constructor(private readonly options: EventRecorderOptions) {}

  /** Resolves when all of them are on disk, or given up with an error in the log. `frame` null: there is no picture to take. */
  record(changes: readonly EventChange[], frame: PictureSource | null): Promise<void> {
    if (changes.length === 0) return this.#tail;
    const changedMs = machineMs();
    // Pictures are asked for now, while the frame is kept; entries keep their order.
    const prepared = changes.map(({ event, revised, picture }) => ({ event, revised, pictures: picture && frame ? this.#takePictures(event, picture.box, frame) : null }));
    // One picture may change an event twice: its trace shows the picture once.
    const shown = new Set<EventId>();
    this.#tail = this.#tail.then(async () => {
      for (const { event, revised, pictures } of prepared) {
        const taken = await pictures;
        if (taken?.snapshotKey) this.#pictures.set(event.id, taken);
        if (!revised) continue;
        await this.#write(event, (!shown.has(event.id) && frame?.timeline) || null, changedMs);
        shown.add(event.id);
      }
    });
    return this.#tail;
  }

  async #write(event: Event, timeline: FrameTimeline | null, changedMs: number): Promise<void> {
    const pictures = this.#pictures.get(event.id) ?? NONE;
    if (event.state === 'ended') this.#pictures.delete(event.id);
    const { journal, bootId, trace, log } = this.options;
    try {
      await journal.append((entry) => ({ type: 'event', entry, bootId, event: { ...event, ...pictures }, trace: trace?.(event, timeline, changedMs) }));
    } catch (error) {
      log.error('an event is lost: the journal did not take it', { eventId: event.id, revision: event.revision, state: event.state, error });
    }
  }

  async #takePictures(event: Event, box: BoxPixels | null, frame: PictureSource): Promise<Pictures> {
    this.#taken += 1;
    // A better picture gets a key of its own: the row that names the older one stays true.
    const number = this.#taken;
    try {
      const crop = box && thumbnailCrop(box, frame);
      const [snapshot, thumbnail] = await Promise.all([frame.jpeg(null, SNAPSHOT_WIDTH), frame.jpeg(crop, THUMBNAIL_WIDTH)]);
      const base = `events/${event.startedAt.slice(0, 10).replaceAll('-', '/')}/${event.id}-${number}`;
      // Side by side: each waits for the disk.
      const [snapshotKey, thumbnailKey] = await Promise.all([this.#store(`${base}.jpg`, snapshot), this.#store(`${base}-thumbnail.jpg`, thumbnail)]);
      return { snapshotKey, thumbnailKey };
    } catch (error) {
      this.options.log.error('an event has no picture', { eventId: event.id, error: messageOf(error) });
      return NONE;
    }
  }

  async #store(key: string, bytes: Uint8Array | null): Promise<string | null> {
    if (!bytes) return null;
    await this.options.blobs.put(key, bytes);
    return key;
  }
}

/** The object with some of its surroundings, inside the picture, source pixels. */
function thumbnailCrop(box: BoxPixels, frame: SizePixels): BoxPixels {
  const margin = Math.max(box.width, box.height) * THUMBNAIL_MARGIN;
  const x = Math.max(0, box.x - margin);
  const y = Math.max(0, box.y - margin);
  return { x, y, width: Math.min(frame.width - x, box.width + 2 * margin), height: Math.min(frame.height - y, box.height + 2 * margin) };
}
