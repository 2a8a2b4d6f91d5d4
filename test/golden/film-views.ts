import { fileURLToPath } from 'node:url';
import { FrameScaler, openClip } from '@argus/media';
import { openPictureEmbedder, readModelPackage } from '@argus/models';

const DETECTOR = fileURLToPath(new URL('../../libs/models/packages/nanodet-g-416', import.meta.url));

export interface View {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What one camera, which looks at a part of a film, saw in one picture of it. */
export interface SeenByCamera {
  readonly camera: number;
  /** Of the film, from 0. */
  readonly frame: number;
  readonly view: View;
  /** By the shipped detector's features. */
  readonly vector: Float32Array;
}

/** A film seen by many cameras; those views of a picture that are wanted. */
export async function filmViews(path: string, viewsOf: (film: { readonly width: number; readonly height: number }) => readonly View[], isWanted: (frame: number, camera: number) => boolean): Promise<SeenByCamera[]> {
  const embedder = await openPictureEmbedder(await readModelPackage(DETECTOR));
  const scaler = new FrameScaler({ ...embedder.input, layout: 'hwc' });
  const pixels = new Uint8Array(embedder.input.width * embedder.input.height * 3);
  const seen: SeenByCamera[] = [];
  const clip = await openClip(path);
  let index = 0;
  for await (const frame of clip.frames()) {
    for (const [camera, view] of viewsOf(frame).entries()) {
      if (!isWanted(index, camera)) continue;
      scaler.scaleInto(frame, view, pixels);
      seen.push({ camera, frame: index, view, vector: await embedder.embed(pixels, 1) });
    }
    index += 1;
    frame.free();
  }
  await clip.close();
  scaler.close();
  await embedder.close();
  // As a set is: camera by camera, in order of time.
  return seen.toSorted((a, b) => a.camera - b.camera);
}
