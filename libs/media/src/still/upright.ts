import { AV_FRAME_DATA_DISPLAYMATRIX } from 'node-av/constants';
import { FilterAPI } from 'node-av/api';
import { Frame } from 'node-av/lib';
import { MediaError } from '../media-error.js';

/** How a picture is to be turned for people: by the native library's filters, in this order. */
export interface Turn {
  readonly filters: string;
  /** Width and height change places. */
  readonly swaps: boolean;
}

const ONE = 65_536;

/** How the camera was held, as the file says; null: upright, or by some other angle than quarters. */
export function turnOf(frame: Frame): Turn | null {
  const matrix = frame.getSideData(AV_FRAME_DATA_DISPLAYMATRIX);
  if (matrix === null || matrix.byteLength < 36) return null;
  const [a, b, c, d] = [0, 4, 12, 16].map((at) => Math.round(matrix.readInt32LE(at) / ONE)) as [number, number, number, number];
  const filters = TURNS[`${a} ${b} ${c} ${d}`];
  return filters === undefined || filters === '' ? null : { filters, swaps: a === 0 };
}

/** The first two columns of the matrix that takes a place in the picture to where it is shown, as x' = ax + cy, y' = bx + dy. */
const TURNS: Readonly<Record<string, string>> = {
  '1 0 0 1': '',
  '0 1 -1 0': 'transpose=clock',
  '-1 0 0 -1': 'hflip,vflip',
  '0 -1 1 0': 'transpose=cclock',
  '-1 0 0 1': 'hflip',
  '1 0 0 -1': 'vflip',
  '0 1 1 0': 'transpose=cclock_flip',
  '0 -1 -1 0': 'transpose=clock_flip',
};

/** A turned copy, to be freed by the caller. Throws MediaError. */
export function turned(frame: Frame, { filters }: Turn): Frame {
  const filter = FilterAPI.create(filters);
  try {
    filter.processSync(frame);
    const made = filter.receiveSync();
    if (!(made instanceof Frame)) throw new MediaError(`could not turn a picture (${filters})`);
    made.removeSideData(AV_FRAME_DATA_DISPLAYMATRIX);
    return made;
  } finally {
    filter[Symbol.dispose]();
  }
}
