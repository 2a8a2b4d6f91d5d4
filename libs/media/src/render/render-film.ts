import type { PointNormalized } from '@argus/contracts';
import { leadOf, type FootagePlan } from '@argus/footage';
import type { Frame } from 'node-av/lib';
import { MediaError } from '../media-error.js';
import { requireNative, type NativeFrame } from '../native-frame.js';
import { PrivacyPainter } from '../privacy/privacy-painter.js';
import { makeHead } from '../record/make-head.js';
import { PictureGroup } from '../record/picture-group.js';
import { LOCAL_FOOTAGE, type FilmFootage } from './film-footage.js';
import { FilmFile } from './film-file.js';
import { FilmSound } from './film-sound.js';
import { picturesOf } from './film-pictures.js';
import { H264Encoder, type EncodedPicture } from './h264-encoder.js';
import type { PicturePaint } from './paint-picture.js';
import { PicturePainter } from './picture-painter.js';

export interface FilmWish {
  readonly plan: FootagePlan;
  /** Left out: segments are files. */
  readonly footage?: FilmFootage;
  /** Wall time; pictures outside of it are left out. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Where it is written; replaced. */
  readonly path: string;
  /** What is heard is in the film, too, where it was recorded; left out: it is. */
  readonly sound?: boolean;
  /** Aborted: what is written stays, and the reason is thrown. */
  readonly signal: AbortSignal;
  /** Told after each group of pictures: milliseconds of wall time that are done, and bytes of the file. */
  readonly onProgress: (doneMs: number, bytes: number) => void;
}

/** A film that was written. */
export interface WrittenFilm {
  readonly bytes: number;
  readonly sha256: string;
  /** Wall time of its first picture, and of the end of its last. */
  readonly startMs: number;
  readonly endMs: number;
}

/** What is painted into the picture of a moment; null: nothing. */
export type PaintAt = (wallMs: number) => PicturePaint | null | Promise<PicturePaint | null>;

/**
 * Decodes a plan's pictures, paints into them, and encodes them as H.264. Gaps are closed up as in the plan. Throws MediaError.
 * @param covered polygons, fractions of the picture, that are covered before anything else is painted: what is below them reaches neither painter nor encoder
 */
export async function renderFilm(wish: FilmWish, paintAt: PaintAt, covered: readonly (readonly PointNormalized[])[] = []): Promise<WrittenFilm> {
  const [first] = wish.plan.pieces;
  if (first === undefined) throw new MediaError('expected a plan with footage, got none');
  const { width, height } = first.segment;
  // Odd edges cannot be told in colours of half the size.
  const encoder = new H264Encoder({ width: width & ~1, height: height & ~1, fps: rateOf(wish.plan) });
  const painter = new FilmPainter(covered);
  const footage = wish.footage ?? LOCAL_FOOTAGE;
  const sound = wish.sound === false ? null : await FilmSound.of(wish.plan, footage);
  const film = new EncodedFilm(wish.path, encoder, sound);
  let [baseUs, startMs, endMs, doneMs] = [0, NaN, NaN, 0];
  try {
    for (const piece of wish.plan.pieces) {
      let fromMs = NaN;
      for await (const { frame, wallMs } of picturesOf(piece, wish.fromMs, wish.toMs, footage)) {
        try {
          wish.signal.throwIfAborted();
          if (Number.isNaN(fromMs)) {
            fromMs = wallMs;
            // NaN before the first piece: nothing is apart from nothing.
            baseUs += Number.isNaN(endMs) ? 0 : leadOf({ hasAudio: sound !== null }, fromMs - endMs) * 1000;
            await sound?.add(piece, { fromMs, toMs: wish.toMs }, baseUs);
          }
          if (Number.isNaN(startMs)) startMs = wallMs;
          const paint = await paintAt(wallMs);
          const painted = painter.paint(frame, paint);
          try {
            for await (const picture of encoder.encode(painted?.native ?? frame.native, baseUs + Math.round((wallMs - fromMs) * 1000))) await film.add(picture);
          } finally {
            painted?.free();
          }
        } finally {
          frame.free();
        }
        wish.onProgress(doneMs + wallMs - fromMs, film.bytes);
      }
      if (Number.isNaN(fromMs)) continue;
      endMs = Math.min(endOf(piece), wish.toMs);
      baseUs += Math.max(1, Math.round((endMs - fromMs) * 1000));
      doneMs += endMs - fromMs;
    }
    for await (const picture of encoder.flush()) await film.add(picture);
    const sha256 = await film.finish(baseUs);
    return { bytes: film.bytes, sha256, startMs, endMs };
  } finally {
    await film.abandon();
    painter.close();
    encoder.close();
  }
}

const endOf = ({ segment, last }: FootagePlan['pieces'][number]): number => {
  const fragment = segment.fragments[last];
  return segment.startMs + (fragment === undefined ? 0 : fragment.startMs + fragment.durationMs);
};

/** Pictures a second of the first piece. */
export function rateOf({ pieces: [first] }: FootagePlan): number {
  const fragments = first === undefined ? [] : first.segment.fragments.slice(first.first, first.last + 1);
  const ms = fragments.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return ms === 0 ? 25 : Math.min(120, Math.max(1, (fragments.reduce((sum, { packets }) => sum + packets, 0) * 1000) / ms));
}

/** First masks, then what is hidden, then boxes. */
class FilmPainter {
  readonly #painter = new PicturePainter();
  readonly #masks: PrivacyPainter | null;

  constructor(covered: readonly (readonly PointNormalized[])[]) {
    this.#masks = covered.length > 0 ? new PrivacyPainter(covered) : null;
  }

  /** A painted copy, which the caller frees; null: nothing is painted. */
  paint(picture: NativeFrame, paint: PicturePaint | null): { readonly native: Frame; free(): void } | null {
    const masked = this.#masks === null ? null : requireNative(this.#masks.paint(picture));
    if (paint === null) return masked;
    try {
      const native = this.#painter.paint((masked ?? picture).native, paint);
      return { native, free: () => native.free() };
    } finally {
      masked?.free();
    }
  }

  close(): void {
    this.#painter.close();
    this.#masks?.close();
  }
}

/** A file of encoded pictures alone: its head is known with the first of them. */
class EncodedFilm {
  #file: FilmFile | null = null;
  #group: PictureGroup | null = null;

  constructor(
    private readonly path: string,
    private readonly encoder: H264Encoder,
    private readonly sound: FilmSound | null,
  ) {}

  get bytes(): number {
    return this.#file?.bytes ?? 0;
  }

  async add({ ptsUs, key, units }: EncodedPicture): Promise<void> {
    if (key) {
      await this.#endGroup(ptsUs);
      this.#group = new PictureGroup({ codec: 'h264', sets: this.encoder.sets, size: this.encoder.size, key: null }, false, 0);
    }
    this.#group?.add(ptsUs, key, units, false);
  }

  async finish(endUs: number): Promise<string> {
    await this.#endGroup(endUs);
    if (this.#file === null) throw new MediaError('no picture of the footage could be decoded');
    const sha256 = await this.#file.close();
    this.#group = null;
    return sha256;
  }

  /** Harmless after `finish`. */
  async abandon(): Promise<void> {
    this.#group?.free();
    await this.#file?.abandon();
  }

  async #head({ plan }: PictureGroup): Promise<Buffer> {
    const { bytes } = await makeHead(plan);
    return this.sound?.addTo(bytes) ?? bytes;
  }

  async #endGroup(endUs: number): Promise<void> {
    const group = this.#group;
    this.#group = null;
    if (group === null) return;
    group.endUs = endUs;
    try {
      group.sound = this.sound?.take(endUs) ?? null;
      this.#file ??= await FilmFile.create(this.path, await this.#head(group));
      await this.#file.append(group);
    } finally {
      group.free();
    }
  }
}
