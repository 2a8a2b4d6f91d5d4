import { statfsSync } from 'node:fs';

/** Left free where files are put aside while an archive is read: others write to that disk, too. */
const SPARE = { bytes: 1e9, share: 0.1 } as const;
/** Between two looks at the disk. */
export const LOOK_EVERY_BYTES = 64 * 2 ** 20;

/** Whether more may be put aside in a folder. */
export function hasRoom(folder: string): boolean {
  const { bavail, blocks, bsize } = statfsSync(folder);
  return bavail * bsize - LOOK_EVERY_BYTES > Math.min(SPARE.bytes, blocks * bsize * SPARE.share);
}
