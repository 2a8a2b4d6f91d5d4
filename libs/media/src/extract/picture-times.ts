import { packetPool } from '../native-pool.js';
import { openVideoFile } from './open-video-file.js';
import { PacketReader } from './packet-reader.js';

/** Media times of a file's pictures as they are shown, 0 for the first. */
export interface PictureTimes {
  readonly ptsUs: readonly number[];
  readonly keyPtsUs: readonly number[];
}

/** Reads a file's packets without decoding one. Throws VideoFileError where there is no video. */
export async function pictureTimes(path: string): Promise<PictureTimes> {
  const file = await openVideoFile(path);
  try {
    const reader = new PacketReader(file, () => undefined);
    const found: { readonly ptsUs: number; readonly key: boolean }[] = [];
    for (let next = reader.next(); next !== null; next = reader.next()) {
      if (!next.hidden) found.push({ ptsUs: next.ptsUs, key: next.key });
      if (next.packet) packetPool.giveBack(next.packet);
    }
    found.sort((a, b) => a.ptsUs - b.ptsUs);
    const firstUs = found[0]?.ptsUs ?? 0;
    return { ptsUs: found.map(({ ptsUs }) => ptsUs - firstUs), keyPtsUs: found.filter(({ key }) => key).map(({ ptsUs }) => ptsUs - firstUs) };
  } finally {
    await file.context.closeInput();
  }
}
