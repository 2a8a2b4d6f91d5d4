import { open } from 'node:fs/promises';
import { join } from 'node:path';

export interface PicturePlace {
  readonly shard: string;
  readonly place: number;
  readonly bytes: number;
}

/** An encoded picture out of its shard; null: it is not there any more. */
export async function readPicture(samplesDir: string, { shard, place, bytes }: PicturePlace): Promise<Buffer | null> {
  const file = await open(join(samplesDir, shard)).catch(() => null);
  if (file === null) return null;
  try {
    const content = Buffer.alloc(bytes);
    const { bytesRead } = await file.read(content, 0, bytes, place);
    return bytesRead === bytes ? content : null;
  } finally {
    await file.close();
  }
}
