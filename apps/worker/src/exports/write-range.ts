import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Export, ExportFile, ExportOptions } from '@argus/contracts';
import { planFootage, type FootagePlan } from '@argus/footage';
import { isoTime } from '@argus/kernel';
import { copyFilm, cutFilm, renderFilm, type FilmWish, type PaintAt, type WrittenFilm } from '@argus/media';
import type { Cover } from './camera-masks.js';
import type { FootageIndex } from './footage-index.js';
import { filmName } from './film-name.js';

export interface RangeWish {
  readonly range: Export['ranges'][number];
  /** Its place among the ranges. */
  readonly index: number;
  readonly options: ExportOptions;
  /** Where to begin: the range's start, or where a worker before came to. */
  readonly fromMs: number;
  readonly timeZone: string;
  readonly folder: string;
  readonly taken: Set<string>;
  readonly signal: AbortSignal;
  /** Burnt into every picture. */
  readonly cover: Cover;
  readonly paintAt: PaintAt;
  /** Asked before each file. @throws ExportFailedError */
  readonly requireSpace: (bytes: number) => Promise<void>;
  /** Milliseconds of the range that are done, and bytes of the open file. */
  readonly onProgress: (doneMs: number, bytes: number) => void;
  /** A file is whole and has its name. */
  readonly onFile: (file: ExportFile) => Promise<void>;
}

/** Writes the films of one range: one, or several where the camera changed its picture size or codec. None where nothing was recorded. */
export async function writeRange(wish: RangeWish, footage: FootageIndex): Promise<void> {
  const { range, index, signal } = wish;
  const toMs = Date.parse(range.to);
  const segments = await footage.segments(range.cameraId, wish.fromMs, toMs);
  for (let fromMs: number | null = wish.fromMs; fromMs !== null; ) {
    signal.throwIfAborted();
    const plan: FootagePlan | null = planFootage(segments, fromMs, toMs);
    if (plan === null) return;
    await wish.requireSpace(plan.bytes);
    const name = filmName(range.cameraName, Math.max(plan.startMs, isCopied(plan, wish) ? 0 : fromMs), wish.timeZone, wish.taken);
    const path = join(wish.folder, name);
    const beginMs: number = fromMs;
    const film: FilmWish = { plan, footage, fromMs, toMs, sound: wish.options.sound, path: `${path}.part`, signal, onProgress: (doneMs, bytes) => wish.onProgress(plan.startMs + doneMs - beginMs, bytes) };
    const { written, encoded } = await writeFilm(film, wish);
    await rename(film.path, path);
    wish.taken.add(name);
    // The end is rounded up: who goes on from there must not get the last pictures again.
    const gaps = plan.gaps.map((gap) => ({ startAt: isoTime(Math.round(gap.fromMs)), endAt: isoTime(Math.round(gap.toMs)) }));
    await wish.onFile({ name, bytes: written.bytes, sha256: written.sha256, cameraId: range.cameraId, range: index, startAt: isoTime(Math.round(written.startMs)), endAt: isoTime(Math.ceil(written.endMs)), gaps, encoded, masked: wish.cover.areas.length > 0 });
    fromMs = plan.nextMs;
  }
}

/** Whether it begins with the key frame before the range; not where that one was under masks that are gone. */
const isCopied = ({ startMs }: FootagePlan, { options, cover }: RangeWish): boolean => options.trim === 'keyframe' && cover.areas.length === 0 && startMs >= cover.notBeforeMs;

async function writeFilm(film: FilmWish, wish: RangeWish): Promise<{ written: WrittenFilm; encoded: ExportFile['encoded'] }> {
  const { options, cover, paintAt } = wish;
  if (options.boxes || options.blur.length > 0 || cover.areas.length > 0) return { written: await renderFilm(film, paintAt, cover.areas), encoded: 'all' };
  if (isCopied(film.plan, wish)) return { written: await copyFilm(film), encoded: 'none' };
  // Only parameter sets of H.264 can stand beside those of the encoder.
  if (film.plan.pieces[0]?.segment.codec !== 'h264') return { written: await renderFilm(film, () => null), encoded: 'all' };
  const written = await cutFilm(film);
  return { written, encoded: film.plan.startMs < film.fromMs - 1 || film.plan.endMs > film.toMs + 1 ? 'ends' : 'none' };
}
