import { FootageRange, leadOf, readParameterSets, readSegmentHead, withoutSound, type FootageSource, type FragmentDescription, type SegmentDescription, type SegmentHead } from '@argus/footage';
import { MediaError } from '../media-error.js';
import { PictureGroup } from '../record/picture-group.js';
import { addParameterSets, avcRecordOf, freeSetsId } from './add-parameter-sets.js';
import { LOCAL_FOOTAGE, type FilmFootage } from './film-footage.js';
import { FilmFile } from './film-file.js';
import { FilmSound } from './film-sound.js';
import { picturesOf } from './film-pictures.js';
import { H264Encoder } from './h264-encoder.js';
import { rateOf, type FilmWish, type WrittenFilm } from './render-film.js';

/** Writes a plan's film as it was recorded, byte by byte; without its sound where that is not to be handed out. Throws MediaError. */
export async function copyFilm(wish: Omit<FilmWish, 'fromMs' | 'toMs'>): Promise<WrittenFilm> {
  const { plan, footage = LOCAL_FOOTAGE, path, signal, onProgress } = wish;
  if (wish.sound === false && plan.pieces[0]?.segment.hasAudio === true) return writeParts({ ...wish, fromMs: -Infinity, toMs: Infinity });
  let film: FilmFile | null = null;
  try {
    for await (const bytes of readAhead(new FootageRange(plan, (of) => footage.open(of), IN_HAND))) {
      signal.throwIfAborted();
      if (film === null) film = await FilmFile.create(path, bytes);
      else await film.write([bytes]);
      onProgress((film.bytes / plan.bytes) * plan.durationMs, film.bytes);
    }
    if (film === null) throw new MediaError('expected a plan with footage, got none');
    return { bytes: film.bytes, sha256: await film.close(), startMs: plan.startMs, endMs: plan.endMs };
  } finally {
    await film?.abandon();
  }
}

/** One is written, one is read, one waits. */
const IN_HAND = 3;

/** The next piece is read while one is worked on. Whoever stops ends the reading. */
async function* readAhead(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void, undefined> {
  const pieces = source[Symbol.asyncIterator]();
  try {
    for (let coming = pieces.next(); ; ) {
      const { done, value } = await coming;
      if (done) return;
      coming = pieces.next();
      // Told when it is its turn.
      coming.catch(() => undefined);
      yield value;
    }
  } finally {
    await pieces.return?.();
  }
}

/** Of the clock of films that are written here: microseconds. */
const STEPS = 1_000_000;

/** A fragment of a film: taken as it is, or only some of its pictures. */
interface FilmPart {
  readonly segment: SegmentDescription;
  readonly index: number;
  readonly fragment: FragmentDescription;
  readonly fromMs: number;
  readonly toMs: number;
  readonly whole: boolean;
}

/**
 * Writes a film that begins and ends at the asked pictures: groups of pictures that lie in the range only in part are encoded anew, the others are
 * copied. H.264 only. The encoder's parameter sets get a number of their own and stand in the head beside the camera's, so that
 * one decoder reads both. Throws MediaError.
 */
export const cutFilm = (wish: FilmWish): Promise<WrittenFilm> => writeParts(wish);

async function writeParts(wish: FilmWish): Promise<WrittenFilm> {
  const parts = partsOf(wish);
  const [first] = wish.plan.pieces;
  if (first === undefined) throw new MediaError('expected a plan with footage, got none');
  const { footage = LOCAL_FOOTAGE } = wish;
  const head = await withFile(footage, first.segment.path, readSegmentHead);
  if (head.tracks.get(head.videoTrack)?.timescale !== STEPS) throw new MediaError(`expected footage whose clock has ${STEPS} steps a second, as our recorder writes it`);
  const bare = wish.sound === false ? withoutSound(head) : head.bytes;
  const sound = wish.sound === false ? null : await FilmSound.of(wish.plan, footage);
  const groups = new Map<FilmPart, EncodedPart>();
  let film: FilmFile | null = null;
  let doneMs = 0;
  let [startMs, endMs] = [NaN, NaN];
  try {
    // At most those at both ends.
    const ends = parts.filter(({ whole }) => !whole);
    const setsId = ends.length === 0 ? 0 : freeSetsId(readParameterSets(avcRecordOf(head.bytes), 'h264').units);
    for (const part of ends) await encodePart(wish, part, setsId).then((encoded) => encoded && groups.set(part, encoded));
    const sets = [...groups.values()][0]?.group.plan.sets ?? [];
    film = await FilmFile.create(wish.path, sets.length === 0 ? bare : addParameterSets(bare, sets));
    for (const part of parts) {
      wish.signal.throwIfAborted();
      const encoded = groups.get(part);
      if (encoded === undefined && !part.whole) continue;
      if (!Number.isNaN(endMs)) film.time += leadOf({ hasAudio: head.hasAudio && wish.sound !== false }, part.fromMs - endMs) * 1000;
      if (encoded !== undefined) await appendPart(film, part, encoded, sound);
      else await copyPart(footage, film, head, part, wish.sound !== false);
      if (Number.isNaN(startMs)) startMs = part.fromMs;
      endMs = part.toMs;
      doneMs += part.toMs - part.fromMs;
      wish.onProgress(doneMs, film.bytes);
    }
    if (Number.isNaN(startMs)) throw new MediaError('no picture of the footage lies in the range');
    return { bytes: film.bytes, sha256: await film.close(), startMs, endMs };
  } finally {
    for (const { group } of groups.values()) group.free();
    await film?.abandon();
  }
}

function partsOf({ plan, fromMs, toMs }: FilmWish): FilmPart[] {
  return plan.pieces.flatMap(({ segment, first, last }) =>
    segment.fragments.slice(first, last + 1).map((fragment, index) => {
      const [begin, end] = [segment.startMs + fragment.startMs, segment.startMs + fragment.startMs + fragment.durationMs];
      // Times are told in whole milliseconds.
      const whole = begin >= fromMs - 1 && end <= toMs + 1;
      return { segment, index: first + index, fragment, fromMs: whole ? begin : Math.max(begin, fromMs), toMs: whole ? end : Math.min(end, toMs), whole };
    }),
  );
}

/** The pictures of a part encoded anew. `firstMs`: wall time of the first of them. */
interface EncodedPart {
  readonly group: PictureGroup;
  readonly firstMs: number;
}

/** Its sound is as it was. */
async function appendPart(film: FilmFile, { segment, index, toMs }: FilmPart, { group, firstMs }: EncodedPart, sound: FilmSound | null): Promise<void> {
  await sound?.add({ segment, first: index, last: index }, { fromMs: firstMs, toMs }, film.time);
  group.sound = sound?.take(Infinity) ?? null;
  await film.append(group);
}

/** null: no picture of it lies in the range. */
async function encodePart({ plan, footage = LOCAL_FOOTAGE, signal }: FilmWish, part: FilmPart, setsId: number): Promise<EncodedPart | null> {
  const { segment, index, fromMs, toMs } = part;
  const encoder = new H264Encoder({ width: segment.width, height: segment.height, fps: rateOf(plan), setsId, keyOnce: true });
  let group: PictureGroup | null = null;
  let firstMs = NaN;
  const take = async (pictures: ReturnType<H264Encoder['encode']>) => {
    for await (const { ptsUs, key, units } of pictures) {
      group ??= new PictureGroup({ codec: 'h264', sets: encoder.sets.map((unit) => Uint8Array.from(unit)), size: segment, key: null }, false, 0);
      group.add(ptsUs, key, units, false);
    }
  };
  try {
    for await (const { frame, wallMs } of picturesOf({ segment, first: index, last: index }, fromMs, toMs, footage)) {
      try {
        signal.throwIfAborted();
        if (Number.isNaN(firstMs)) firstMs = wallMs;
        await take(encoder.encode(frame.native, Math.round((wallMs - firstMs) * 1000)));
      } finally {
        frame.free();
      }
    }
    await take(encoder.flush());
    const done = group as PictureGroup | null;
    if (done === null) return null;
    done.endUs = Math.max((done.ptsUs.at(-1) as number) + 1, Math.round((toMs - firstMs) * 1000));
    return { group: done, firstMs };
  } finally {
    encoder.close();
  }
}

const copyPart = (footage: FilmFootage, film: FilmFile, head: SegmentHead, { segment, fragment }: FilmPart, sound: boolean): Promise<void> => withFile(footage, segment.path, (file) => film.copy(file, head, fragment, sound));

async function withFile<T>(footage: FilmFootage, path: string, work: (file: FootageSource) => Promise<T>): Promise<T> {
  const file = await footage.open(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}
