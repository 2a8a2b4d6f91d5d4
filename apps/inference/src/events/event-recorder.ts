import type { BoxNormalized, BoxPixels, Event, EventId, SizePixels } from '@argus/contracts';
import { messageOf, type Logger } from '@argus/kernel';
import type { EventChange } from '@argus/pipeline';
import type { FileBlobStore } from '@argus/storage';
import type { Journal } from '../journal/journal.js';

/** What pictures of an event are made from. */
export interface PictureSource extends SizePixels {
  jpeg(crop: BoxPixels | null, maxWidth: number): Promise<Uint8Array | null>;
}

export interface EventRecorderOptions {
  readonly journal: Pick<Journal, 'append'>;
  readonly blobs: Pick<FileBlobStore, 'put'>;
  readonly bootId: string;
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
  #tail: Promise<void> = Promise.resolve();

  constructor(private readonly options: EventRecorderOptions) {}

  /** Resolves when all of them are on disk, or given up with an error in the log. `frame` null: there is no picture to take. */
  record(changes: readonly EventChange[], frame: PictureSource | null): Promise<void> {
    if (changes.length === 0) return this.#tail;
    // Pictures are asked for now, while the frame is kept; entries keep their order.
    const prepared = changes.map((change) => ({ event: change.event, pictures: change.picture && frame ? this.#takePictures(change.event, frame) : null }));
    this.#tail = this.#tail.then(async () => {
      for (const { event, pictures } of prepared) await this.#write(event, await pictures);
    });
    return this.#tail;
  }

  async #write(event: Event, taken: Pictures | null): Promise<void> {
    const pictures = taken?.snapshotKey ? taken : (this.#pictures.get(event.id) ?? NONE);
    if (event.state === 'ended') this.#pictures.delete(event.id);
    else this.#pictures.set(event.id, pictures);
    const { journal, bootId, log } = this.options;
    try {
      await journal.append((entry) => ({ type: 'event', entry, bootId, event: { ...event, ...pictures } }));
    } catch (error) {
      log.error('an event is lost: the journal did not take it', { eventId: event.id, revision: event.revision, state: event.state, error });
    }
  }

  async #takePictures(event: Event, frame: PictureSource): Promise<Pictures> {
    try {
      const crop = event.box && thumbnailCrop(event.box, frame);
      const [snapshot, thumbnail] = await Promise.all([frame.jpeg(null, SNAPSHOT_WIDTH), frame.jpeg(crop, THUMBNAIL_WIDTH)]);
      const base = `events/${event.startedAt.slice(0, 10).replaceAll('-', '/')}/${event.id}-${event.revision}`;
      return { snapshotKey: await this.#store(`${base}.jpg`, snapshot), thumbnailKey: await this.#store(`${base}-thumbnail.jpg`, thumbnail) };
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
function thumbnailCrop(box: BoxNormalized, frame: SizePixels): BoxPixels {
  const [width, height] = [box.width * frame.width, box.height * frame.height];
  const margin = Math.max(width, height) * THUMBNAIL_MARGIN;
  const x = Math.max(0, box.x * frame.width - margin);
  const y = Math.max(0, box.y * frame.height - margin);
  return { x, y, width: Math.min(frame.width - x, width + 2 * margin), height: Math.min(frame.height - y, height + 2 * margin) };
}
