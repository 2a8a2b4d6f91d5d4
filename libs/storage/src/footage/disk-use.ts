import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A disk as those see it who may not use the reserve of root. */
export interface DiskUse {
  readonly bytes: number;
  readonly usedBytes: number;
}

/** Of the disk that a folder is on, or will be on. What the disk refuses is thrown as it is. */
export async function diskUseOf(folder: string): Promise<DiskUse> {
  try {
    const { bsize, blocks, bfree, bavail } = await statfs(folder);
    const usedBytes = (blocks - bfree) * bsize;
    return { bytes: usedBytes + bavail * bsize, usedBytes };
  } catch (error) {
    const parent = dirname(folder);
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || parent === folder) throw error;
    return diskUseOf(parent);
  }
}
