import type { CameraId, RecordedPicture, SizePixels, TrackedObject } from '@argus/contracts';
import type { SegmentMedia } from '@argus/media';
import type { SourceRef } from '../ingest/messages.js';

/** On which connection of a camera's source: media time begins again with each. */
export interface ConnectionRef extends SourceRef {
  readonly connection: number;
}

interface Seen {
  readonly run: number;
  readonly connection: number;
  readonly ptsUs: number;
  readonly frame: SizePixels;
  readonly objects: readonly TrackedObject[];
}

/** A segment is some ten seconds long, and waits for its last key frame and a slow disk. */
const KEPT_US = 60_000_000;
const MOST_PICTURES = 1200;
/** Of one segment, 0.7 MB as JSON: with more, every second picture is left out, and again. */
const MOST_OBJECTS = 3000;
/** A ten-thousandth of a picture is less than a pixel of most. */
const PLACES = 10_000;

/** What was seen in the newest analysed pictures of each camera, until the segment that they are in is finished. */
export class SeenPictures {
  /** In the order in which they were analysed. */
  readonly #seen = new Map<CameraId, Seen[]>();

  see({ cameraId, run, connection }: ConnectionRef, ptsUs: number, { width, height }: SizePixels, objects: readonly TrackedObject[]): void {
    const seen = this.#seen.get(cameraId) ?? [];
    this.#seen.set(cameraId, seen);
    seen.push({ run, connection, ptsUs, frame: { width, height }, objects });
    // Of an earlier connection: as long as this one has not lasted for so long.
    const wanted = seen.findIndex((one) => (one.run === run && one.connection === connection ? one.ptsUs >= ptsUs - KEPT_US : ptsUs <= KEPT_US));
    seen.splice(0, Math.max(wanted, seen.length - MOST_PICTURES));
  }

  /** What was seen between two media times, oldest first; a picture without anything behind another without anything is left out. */
  of({ cameraId, run, connection }: ConnectionRef, { startUs, endUs }: SegmentMedia): RecordedPicture[] {
    const within = (this.#seen.get(cameraId) ?? []).filter((one) => one.run === run && one.connection === connection && one.ptsUs >= startUs && one.ptsUs < endUs);
    const telling = within.sort((one, other) => one.ptsUs - other.ptsUs).filter(({ objects }, index) => objects.length > 0 || (within[index - 1]?.objects.length ?? 0) > 0);
    return thinned(telling).map(({ ptsUs, frame, objects }) => ({ atMs: (ptsUs - startUs) / 1000, objects: objects.map((object) => recorded(object, frame)) }));
  }

  /** A camera is gone, or what it shows is not kept any more. */
  forget(cameraId: CameraId): void {
    this.#seen.delete(cameraId);
  }
}

function thinned(pictures: readonly Seen[]): readonly Seen[] {
  const objects = pictures.reduce((sum, one) => sum + one.objects.length, 0);
  return objects <= MOST_OBJECTS || pictures.length < 2 ? pictures : thinned(pictures.filter((_one, index) => index % 2 === 0));
}

function recorded({ trackId, number, label, score, box, attributes }: TrackedObject, { width, height }: SizePixels): RecordedPicture['objects'][number] {
  return {
    trackId,
    number,
    label,
    score: rounded(score),
    box: { x: rounded(box.x / width), y: rounded(box.y / height), width: rounded(box.width / width), height: rounded(box.height / height) },
    // The runners-up are with the track, and would be most of what is stored.
    attributes: Object.fromEntries(Object.entries(attributes).map(([name, attribute]) => [name, { ...attribute, candidates: [] }])),
  };
}

const rounded = (share: number): number => Math.round(share * PLACES) / PLACES;
