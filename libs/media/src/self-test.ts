import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MediaError } from './media-error.js';
import { openSource } from './sources/open-source.js';
import { VideoDecoder } from './video-decoder.js';

const ASSETS = join(dirname(fileURLToPath(import.meta.url)), '..', 'assets');
const PICTURES = 12;

/**
 * Decodes the bundled clip and wants all its pictures. On an unsuitable Node the native binding yields nothing and says nothing;
 * this finds out before a camera does. Throws MediaError.
 */
export async function selfTest(): Promise<void> {
  const clip = pathToFileURL(join(ASSETS, 'self-test.mp4'));
  clip.searchParams.set('pace', 'fast');
  const source = await openSource(clip.href, { fileRoots: [ASSETS] });
  const decoder = new VideoDecoder(source);
  let pictures = 0;
  try {
    for (let packet = await source.next(); packet !== null; packet = await source.next()) {
      pictures += release(decoder.decode(packet));
      packet.free();
    }
    pictures += release(decoder.flush());
  } finally {
    decoder.close();
    await source.close();
  }
  if (pictures !== PICTURES) throw new MediaError(`self-test: expected ${PICTURES} pictures of the bundled clip, got ${pictures}. Argus needs Node 22.12 or later, this is ${process.version}.`);
}

function release(frames: readonly { free(): void }[]): number {
  for (const frame of frames) frame.free();
  return frames.length;
}
