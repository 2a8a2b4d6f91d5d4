import { ArgusError } from '@argus/kernel';
import { diskUseOf, type DiskUse } from '@argus/storage';

/** From this share of the disk on no file is begun. The gateway removes old footage from 90 % on; this holds also while it is not there. */
const FULL = 0.95;

/** Said before the disk itself refuses: what else is on it, a database perhaps, still has room. */
export class DiskFullError extends ArgusError {
  readonly code = 'recording.disk-full';
  constructor(usedPercent: number) {
    super(`the disk is ${usedPercent} % full, and nothing is recorded from ${FULL * 100} % on; remove what is not needed there, or end holds of footage`, { usedPercent });
  }
}

/**
 * Asked before a file of footage is begun. A disk that cannot be looked at is let pass: writing tells soon enough.
 * @throws DiskFullError
 */
export async function requireDiskRoom(root: string, look: (root: string) => Promise<DiskUse> = diskUseOf): Promise<void> {
  const { bytes, usedBytes } = await look(root).catch(() => ({ bytes: 0, usedBytes: 0 }));
  if (bytes > 0 && usedBytes >= FULL * bytes) throw new DiskFullError(Math.floor((usedBytes / bytes) * 100));
}
