import type { CameraId } from '@argus/contracts';
import { recordedPlace, type SetBack } from './recorded-order.js';
import type { StoredFile } from './retention-rows.js';

/** What a camera has, when room is to be made. */
export interface CameraStock {
  readonly cameraId: CameraId;
  readonly bytes: number;
  /** Its part of the room, beside those of others. */
  readonly weight: number;
  /** The oldest first. */
  readonly files: readonly StoredFile[];
  /** There are more than these. */
  readonly more: boolean;
}

/** A camera with less than this part of its share is spared while another has more. */
const SPARED = 0.5;

/**
 * The oldest files over all cameras, until so many bytes are free. A camera that has less than half of its weighted share is spared as long as any
 * other has more: one that has been away for a week, and has only old footage, does not lose all of it. Ends early, where a list does, for the
 * next ones to be fetched.
 */
export function chooseRemoval(stocks: readonly CameraStock[], wantedBytes: number, setBack: SetBack | null = null): StoredFile[] {
  const total = stocks.reduce((sum, { bytes }) => sum + bytes, 0);
  const weights = stocks.reduce((sum, { weight }) => sum + weight, 0);
  const left = stocks.map((stock) => ({ ...stock, at: 0, floor: (SPARED * total * stock.weight) / weights }));
  const chosen: StoredFile[] = [];
  for (let wanted = wantedBytes; wanted > 0; ) {
    const ended = left.find(({ at, files, more, bytes, floor }) => at === files.length && more && bytes > floor);
    const open = left.filter(({ at, files }) => at < files.length);
    if (ended || open.length === 0) return chosen;
    const rich = open.filter(({ bytes, floor }) => bytes > floor);
    const from = (rich.length > 0 ? rich : open).reduce((first, one) => (placeOf(one, setBack) < placeOf(first, setBack) ? one : first));
    const file = from.files[from.at] as StoredFile;
    chosen.push(file);
    from.at += 1;
    from.bytes -= Number(file.bytes);
    wanted -= Number(file.bytes);
  }
  return chosen;
}

const placeOf = ({ files, at }: { readonly files: readonly StoredFile[]; readonly at: number }, setBack: SetBack | null): number => recordedPlace(files[at]?.start_at.getTime() ?? Infinity, setBack);
