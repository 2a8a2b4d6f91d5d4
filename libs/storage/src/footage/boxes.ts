/** A box of an MP4: it lies in `[start, end)` of its buffer, what it holds begins at `body`. */
export interface Box {
  readonly type: string;
  readonly start: number;
  readonly body: number;
  readonly end: number;
}

const HEAD = 8;

/** The boxes side by side in a stretch of a buffer; ends at the first that is not whole. */
export function* boxesIn(bytes: Buffer, start = 0, end = bytes.length): Generator<Box> {
  for (let at = start; at + HEAD <= end; ) {
    const size = bytes.readUInt32BE(at);
    if (size < HEAD || at + size > end) return;
    yield { type: bytes.toString('latin1', at + 4, at + HEAD), start: at, body: at + HEAD, end: at + size };
    at += size;
  }
}

/** All boxes at a way such as `moov/trak/mdia`. */
export function boxesAt(bytes: Buffer, way: string, within?: Box): Box[] {
  const [first, ...rest] = way.split('/');
  const found = [...boxesIn(bytes, within?.body ?? 0, within?.end)].filter((box) => box.type === first);
  return rest.length === 0 ? found : found.flatMap((box) => boxesAt(bytes, rest.join('/'), box));
}

/** The first box at a way; null: there is none. */
export const findBox = (bytes: Buffer, way: string, within?: Box): Box | null => boxesAt(bytes, way, within)[0] ?? null;
