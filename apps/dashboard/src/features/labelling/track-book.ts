import type { AddFootagePictures, FollowedPicture } from '@argus/contracts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a track is in one picture. */
export interface BookBox {
  readonly atMs: number;
  readonly box: Box;
  /** By a person in this picture. */
  readonly drawn: boolean;
  readonly confidence: number;
}

export interface BookTrack {
  readonly id: string;
  readonly label: string;
  /** In the order of time. */
  readonly boxes: readonly BookBox[];
}

/** What was drawn and followed in one camera's footage; changes make another one. */
export interface TrackBook {
  readonly tracks: readonly BookTrack[];
  /** Of all pictures that were followed through, in order. */
  readonly times: readonly number[];
}

export const EMPTY_BOOK: TrackBook = { tracks: [], times: [] };

/** The time of one picture differs from film to film by its rounding. */
const SAME_MS = 15;

/** The boxes of the picture that was taken at this moment. */
export function boxesAt({ tracks }: TrackBook, ms: number): { readonly track: BookTrack; readonly at: BookBox }[] {
  return tracks.flatMap((track) => {
    const at = nearest(track.boxes, ms);
    return at === null ? [] : [{ track, at }];
  });
}

/** Draws or moves a box; a track that is not there yet begins. */
export function withBox(book: TrackBook, { id, label }: Pick<BookTrack, 'id' | 'label'>, ms: number, box: Box): TrackBook {
  const track = book.tracks.find((one) => one.id === id) ?? { id, label, boxes: [] };
  const known = nearest(track.boxes, ms);
  const drawn: BookBox = { atMs: known?.atMs ?? ms, box, drawn: true, confidence: 1 };
  return withTrack(book, { ...track, boxes: ordered([...track.boxes.filter((one) => one !== known), drawn]) });
}

export const relabelled = (book: TrackBook, id: string, label: string): TrackBook => ({ ...book, tracks: book.tracks.map((one) => (one.id === id ? { ...one, label } : one)) });

export const without = (book: TrackBook, id: string): TrackBook => ({ ...book, tracks: book.tracks.filter((one) => one.id !== id) });

/** From this picture on it is not there. Without any box left it is gone. */
export function endedAt(book: TrackBook, id: string, ms: number): TrackBook {
  return cut(book, [id], (atMs) => atMs < ms - SAME_MS);
}

/** Before tracks are followed anew from a picture, what was followed from there before is forgotten. */
export function cutBehind(book: TrackBook, ids: readonly string[], ms: number, direction: 'forward' | 'backward'): TrackBook {
  return cut(book, ids, (atMs) => (direction === 'forward' ? atMs <= ms + SAME_MS : atMs >= ms - SAME_MS));
}

function cut(book: TrackBook, ids: readonly string[], stays: (atMs: number) => boolean): TrackBook {
  const tracks = book.tracks.map((track) => (ids.includes(track.id) ? { ...track, boxes: track.boxes.filter(({ atMs }) => stays(atMs)) } : track));
  return { ...book, tracks: tracks.filter(({ boxes }) => boxes.length > 0) };
}

/** What was followed. Where a person drew nothing is changed. */
export function withFollowed(book: TrackBook, pictures: readonly Pick<FollowedPicture, 'atMs' | 'boxes'>[]): TrackBook {
  const found = new Map<string, BookBox[]>();
  for (const { atMs, boxes } of pictures) {
    for (const { track, box, drawn, confidence } of boxes) if (!drawn) found.set(track, [...(found.get(track) ?? []), { atMs, box, drawn, confidence }]);
  }
  const tracks = book.tracks.map((track) => {
    const more = found.get(track.id)?.filter(({ atMs }) => !nearest(track.boxes, atMs)?.drawn) ?? [];
    const times = more.map(({ atMs }) => atMs);
    return more.length === 0 ? track : { ...track, boxes: ordered([...track.boxes.filter(({ atMs }) => !times.some((time) => Math.abs(time - atMs) <= SAME_MS)), ...more]) };
  });
  const known = pictures.map(({ atMs }) => atMs);
  return { tracks, times: [...book.times.filter((time) => !known.some((one) => Math.abs(one - time) <= SAME_MS)), ...known].sort((a, b) => a - b) };
}

/** All pictures with something in them, for sending. */
export function picturesOf(book: TrackBook): Pick<FollowedPicture, 'atMs' | 'boxes'>[] {
  const times = [...book.times];
  for (const { boxes } of book.tracks) for (const { atMs } of boxes) if (!times.some((time) => Math.abs(time - atMs) <= SAME_MS)) times.push(atMs);
  return times.sort((a, b) => a - b).map((atMs) => ({ atMs, boxes: boxesAt(book, atMs).map(({ track, at: { box, drawn, confidence } }) => ({ track: track.id, box, drawn, confidence })) }));
}

/** The picture at hand, for sending; null: nothing is in it. */
export function pictureAt(book: TrackBook, ms: number): AddFootagePictures['pictures'][number] | null {
  const labels = boxesAt(book, ms).map(({ track: { id, label }, at: { box, drawn, confidence } }) => ({ track: id, label, box: { ...box }, drawn, confidence: drawn ? null : confidence }));
  return labels.length === 0 ? null : { atMs: ms, labels };
}

function withTrack(book: TrackBook, track: BookTrack): TrackBook {
  const isKnown = book.tracks.some(({ id }) => id === track.id);
  return { ...book, tracks: isKnown ? book.tracks.map((one) => (one.id === track.id ? track : one)) : [...book.tracks, track] };
}

const ordered = (boxes: readonly BookBox[]): BookBox[] => [...boxes].sort((a, b) => a.atMs - b.atMs);

/** By halves: a track of two minutes has thousands of boxes, and is asked with each picture that is shown. */
function nearest(boxes: readonly BookBox[], ms: number): BookBox | null {
  let [low, high] = [0, boxes.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((boxes[middle] as BookBox).atMs < ms) low = middle + 1;
    else high = middle;
  }
  const [before, after] = [boxes[low - 1], boxes[low]];
  const best = !before ? after : !after ? before : ms - before.atMs <= after.atMs - ms ? before : after;
  return best && Math.abs(best.atMs - ms) <= SAME_MS ? best : null;
}
