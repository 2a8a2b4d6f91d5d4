/** A part of a film that can be given to a player whole. Times are places in the film, milliseconds. */
export type FilmPiece =
  | { readonly kind: 'head'; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'fragment'; readonly bytes: Uint8Array<ArrayBuffer>; readonly startMs: number; readonly endMs: number; readonly frames: readonly number[] };

interface Track {
  readonly id: number;
  readonly timescale: number;
  readonly defaultDuration: number;
}

interface Box {
  readonly type: string;
  /** Of the whole film so far, where its content is. */
  readonly from: number;
  readonly to: number;
}

/** More than one group of pictures of the largest cameras; a size above it is no size. */
const LARGEST_BOX = 512 * 1024 * 1024;

/** Takes fragmented MP4 as it comes from the network and cuts it into its head and its fragments, with the times of their pictures and without sound. */
export class FragmentReader {
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array(0);
  #track: Track | null = null;

  /** @throws Error where it is no fragmented MP4 with a video track */
  push(bytes: Uint8Array): FilmPiece[] {
    this.#rest = concat(this.#rest, bytes);
    const pieces: FilmPiece[] = [];
    for (;;) {
      const size = this.#wholePiece();
      if (size === null) return pieces;
      pieces.push(this.#read(this.#rest.slice(0, size)));
      this.#rest = this.#rest.slice(size);
    }
  }

  /** Length up to the end of the next `moov` or `mdat`; null: it has not come yet. */
  #wholePiece(): number | null {
    const view = viewOf(this.#rest);
    for (let at = 0; at + 8 <= view.byteLength; ) {
      const size = view.getUint32(at);
      const type = typeAt(view, at + 4);
      if (size < 8 || size > LARGEST_BOX) throw new Error(`expected fragmented MP4, got a box "${type}" of ${size} bytes`);
      at += size;
      if (at > view.byteLength) return null;
      if (type === 'moov' || type === 'mdat') return at;
    }
    return null;
  }

  #read(bytes: Uint8Array<ArrayBuffer>): FilmPiece {
    const view = viewOf(bytes);
    const boxes = boxesIn(view, 0, view.byteLength);
    const moov = boxes.find(({ type }) => type === 'moov');
    if (moov) {
      this.#track = videoTrack(view, moov);
      hideSound(view, moov, this.#track.id);
      return { kind: 'head', bytes };
    }
    const moof = boxes.find(({ type }) => type === 'moof');
    if (!moof || !this.#track) throw new Error(`expected a head and then fragments, got ${boxes.map(({ type }) => type).join(', ')}`);
    hideTracks(view, childrenOf(view, moof).filter((box) => box.type === 'traf' && trackIdOf(view, box) !== this.#track?.id));
    return { kind: 'fragment', bytes, ...framesOf(view, moof, this.#track) };
  }
}

function videoTrack(view: DataView, moov: Box): Track {
  for (const trak of childrenOf(view, moov).filter(({ type }) => type === 'trak')) {
    const mdia = find(view, trak, 'mdia');
    const [handler, header, trackHeader] = [find(view, mdia, 'hdlr'), find(view, mdia, 'mdhd'), find(view, trak, 'tkhd')];
    if (!handler || !header || !trackHeader || typeAt(view, handler.from + 8) !== 'vide') continue;
    const id = view.getUint32(trackHeader.from + (view.getUint8(trackHeader.from) === 1 ? 20 : 12));
    const timescale = view.getUint32(header.from + (view.getUint8(header.from) === 1 ? 20 : 12));
    const mvex = find(view, moov, 'mvex');
    const trex = mvex && childrenOf(view, mvex).find((box) => box.type === 'trex' && view.getUint32(box.from + 4) === id);
    return { id, timescale, defaultDuration: trex ? view.getUint32(trex.from + 12) : 0 };
  }
  throw new Error('expected a video track in the head, got none');
}

/** The timeline is silent: a buffer of pictures alone does not stall where nothing was heard. The boxes stay where they are, and mean nothing. */
function hideSound(view: DataView, moov: Box, videoId: number): void {
  const children = childrenOf(view, moov);
  const mvex = children.find(({ type }) => type === 'mvex');
  const others = children.filter((box) => box.type === 'trak' && trackNumberOf(view, box) !== videoId);
  hideTracks(view, [...others, ...(mvex ? childrenOf(view, mvex).filter((box) => box.type === 'trex' && view.getUint32(box.from + 4) !== videoId) : [])]);
}

const FREE = 0x66726565;
const hideTracks = (view: DataView, boxes: readonly Box[]): void => boxes.forEach(({ from }) => view.setUint32(from - 4, FREE));

function trackNumberOf(view: DataView, trak: Box): number | null {
  const header = find(view, trak, 'tkhd');
  return header ? view.getUint32(header.from + (view.getUint8(header.from) === 1 ? 20 : 12)) : null;
}

function framesOf(view: DataView, moof: Box, track: Track): { startMs: number; endMs: number; frames: number[] } {
  const traf = childrenOf(view, moof).find((box) => box.type === 'traf' && trackIdOf(view, box) === track.id);
  const [tfhd, tfdt] = [find(view, traf, 'tfhd'), find(view, traf, 'tfdt')];
  if (!traf || !tfhd || !tfdt) throw new Error('expected pictures with a time in each fragment, got none');
  let decodeTime = view.getUint8(tfdt.from) === 1 ? Number(view.getBigUint64(tfdt.from + 4)) : view.getUint32(tfdt.from + 4);
  const fallback = tfhdDuration(view, tfhd) ?? track.defaultDuration;
  const times: number[] = [];
  let end = decodeTime;
  for (const trun of childrenOf(view, traf).filter(({ type }) => type === 'trun')) {
    for (const { duration, offset } of samplesOf(view, trun, fallback)) {
      times.push(decodeTime + offset);
      decodeTime += duration;
      end = Math.max(end, (times.at(-1) ?? 0) + duration);
    }
  }
  const inMs = (units: number) => (units * 1000) / track.timescale;
  const frames = times.map(inMs).sort((a, b) => a - b);
  return { startMs: frames[0] ?? inMs(decodeTime), endMs: inMs(end), frames };
}

const trackIdOf = (view: DataView, traf: Box): number | null => {
  const tfhd = find(view, traf, 'tfhd');
  return tfhd ? view.getUint32(tfhd.from + 4) : null;
};

function tfhdDuration(view: DataView, tfhd: Box): number | null {
  const flags = view.getUint32(tfhd.from) & 0xffffff;
  if (!(flags & 0x8)) return null;
  return view.getUint32(tfhd.from + 8 + (flags & 0x1 ? 8 : 0) + (flags & 0x2 ? 4 : 0));
}

function* samplesOf(view: DataView, trun: Box, fallback: number): Generator<{ duration: number; offset: number }> {
  const [version, flags, count] = [view.getUint8(trun.from), view.getUint32(trun.from) & 0xffffff, view.getUint32(trun.from + 4)];
  let at = trun.from + 8 + (flags & 0x1 ? 4 : 0) + (flags & 0x4 ? 4 : 0);
  for (let index = 0; index < count; index += 1) {
    const duration = flags & 0x100 ? view.getUint32(at) : fallback;
    at += (flags & 0x100 ? 4 : 0) + (flags & 0x200 ? 4 : 0) + (flags & 0x400 ? 4 : 0);
    const offset = flags & 0x800 ? (version === 0 ? view.getUint32(at) : view.getInt32(at)) : 0;
    at += flags & 0x800 ? 4 : 0;
    yield { duration, offset };
  }
}

function boxesIn(view: DataView, from: number, to: number): Box[] {
  const boxes: Box[] = [];
  for (let at = from; at + 8 <= to; ) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > to) throw new Error(`expected a box that fits, got "${typeAt(view, at + 4)}" of ${size} bytes in ${to - at}`);
    boxes.push({ type: typeAt(view, at + 4), from: at + 8, to: at + size });
    at += size;
  }
  return boxes;
}

const childrenOf = (view: DataView, box: Box): Box[] => boxesIn(view, box.from, box.to);
const find = (view: DataView, box: Box | undefined, type: string): Box | undefined => box && childrenOf(view, box).find((child) => child.type === type);
const typeAt = (view: DataView, at: number): string => String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
