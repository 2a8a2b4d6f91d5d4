import type { BoxPixels, ModelInput, Placement, TilingSettings, Detections } from '@argus/contracts';
import { FrameScaler, type VideoFrame } from '@argus/media';
import { decodeDetections, openModel, openPictureEmbedder, openTextEmbedder, readModelPackage, type ModelSession, type PictureEmbedder, type TextEmbedder } from '@argus/models';
import { mergeTileDetections, planTiles, type TileDetections } from '@argus/pipeline';

/** Pixels as a model wants them. */
export class ModelView {
  readonly pixels: Uint8Array;
  readonly #scaler: FrameScaler;

  constructor(readonly input: ModelInput) {
    const { width, height, color, resize, align, pad } = input;
    this.#scaler = new FrameScaler({ width, height, color, resize, align, pad });
    this.pixels = new Uint8Array(width * height * 3);
  }

  take(frame: VideoFrame, crop: BoxPixels | null): Placement {
    return this.#scaler.scaleInto(frame, crop, this.pixels);
  }
}

export interface OpenedModel {
  readonly session: ModelSession;
  readonly view: ModelView;
}

const models = new Map<string, Promise<OpenedModel>>();
const embedders = new Map<string, Promise<{ readonly embedder: PictureEmbedder; readonly view: ModelView; readonly isPackage: boolean }>>();
const texts = new Map<string, Promise<TextEmbedder>>();

/** Opened when it is first asked for, and kept. One thread: sums in another order would give other bytes. */
export function openedModel(path: string): Promise<OpenedModel> {
  const known = models.get(path) ?? readModelPackage(path).then(async (pkg) => ({ session: await openModel(pkg, { threads: 1 }), view: new ModelView(pkg.manifest.input) }));
  models.set(path, known);
  return known;
}

export function openedEmbedder(path: string) {
  const known = embedders.get(path) ?? readModelPackage(path).then(async (pkg) => ({ embedder: await openPictureEmbedder(pkg, { threads: 1 }), view: new ModelView(pkg.manifest.input), isPackage: pkg.manifest.task === 'embed' }));
  embedders.set(path, known);
  return known;
}

export function openedTextEmbedder(path: string): Promise<TextEmbedder> {
  const known = texts.get(path) ?? readModelPackage(path).then((pkg) => openTextEmbedder(pkg, { threads: 1 }));
  texts.set(path, known);
  return known;
}

/** What a detector sees in a picture, as the engine would see it. */
export async function detectIn(frame: VideoFrame, path: string, minScore: number, tiling: TilingSettings | null): Promise<Detections> {
  const { session, view } = await openedModel(path);
  const { manifest } = session;
  const views: TileDetections[] = [];
  for (const tile of tiling ? planTiles(frame, manifest.input.width / manifest.input.height, tiling) : [null]) {
    const placement = view.take(frame, tile);
    views.push({ tile, detections: decodeDetections(manifest, await session.run(view.pixels, 1, minScore), 0, placement, { minScore, frame }) });
  }
  return mergeTileDetections(views, frame);
}
