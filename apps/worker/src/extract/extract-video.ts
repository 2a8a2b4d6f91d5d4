import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { FootageFileError, parseName } from '@argus/footage';
import { isoTime, type ProcessLock } from '@argus/kernel';
import { extractFrames, type Extraction } from '@argus/media';
import { OutputTakenError } from '../errors.js';
import type { VideoDone, VideoJob } from './messages.js';
import { lockOutput } from './output-lock.js';
import { PictureFolder } from './picture-folder.js';

/** 2001: smaller numbers before a file's first dash are something else. */
const LEAST_WALL_MS = 1_000_000_000_000;
const LOCK_TRIES = 100;
const LOCK_PAUSE_MS = 100;

export interface ExtractWatch {
  readonly signal: AbortSignal;
  /** Called once, when the video is about to be read. */
  started(extraction: Extraction): void;
}

/** Writes the pictures of one video that are not in its folder yet. Throws VideoFileError, OutputError, or the signal's reason; what was written before stays, and the next run goes on behind it. */
export async function extractVideo(job: VideoJob, watch: ExtractWatch): Promise<VideoDone> {
  // After a kill -9 of its parent a process may still be at its last picture.
  const lock = await lockSoon(job.folder);
  try {
    return await extractInto(job, watch);
  } finally {
    lock.release();
  }
}

async function lockSoon(folder: string): Promise<ProcessLock> {
  for (let tries = 0; ; tries += 1) {
    try {
      return lockOutput(folder);
    } catch (error) {
      if (!(error instanceof OutputTakenError) || tries >= LOCK_TRIES) throw error;
      await sleep(LOCK_PAUSE_MS);
    }
  }
}

async function extractInto({ path, folder, recipe, threads, hardware }: VideoJob, watch: ExtractWatch): Promise<VideoDone> {
  const pictures = await PictureFolder.open(folder);
  const video = basename(path).normalize('NFC');
  const startMs = wallStartOf(path);
  const extraction = extractFrames({ path, choice: recipe.choice, size: recipe.fit, quality: recipe.quality, fromFrameIndex: pictures.nextFrame, threads, hardware, signal: watch.signal });
  watch.started(extraction);
  let [added, damaged] = [0, 0];
  try {
    for await (const frame of extraction) {
      const { frameIndex } = frame;
      // Without times in the choice every picture has a number.
      if (frameIndex === null) continue;
      if (frame.damaged) damaged += 1;
      else {
        await pictures.add(video, startMs === null ? null : isoTime(startMs + frame.ptsUs / 1000), { ...frame, frameIndex });
        added += 1;
      }
    }
    const { errors, missing, stretches, atUs } = extraction.report;
    const leftOut = damaged + missing;
    await pictures.finish({ leftOut, errors, stretches, lastUs: atUs });
    return { type: 'done', pictures: pictures.pictures, added, leftOut, errors };
  } catch (error) {
    // What is whole is kept; the first error says what went wrong.
    await pictures.flush().catch(() => undefined);
    throw error;
  } finally {
    await pictures.close();
  }
}

/** When the first picture of our own footage was taken; null: any other file. */
export function wallStartOf(path: string): number | null {
  try {
    const { startMs } = parseName(path);
    return startMs >= LEAST_WALL_MS ? startMs : null;
  } catch (error) {
    if (error instanceof FootageFileError) return null;
    throw error;
  }
}
