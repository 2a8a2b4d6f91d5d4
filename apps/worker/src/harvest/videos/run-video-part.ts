import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SegmentId, VideoSource } from '@argus/contracts';
import { isTooSmall, leastRulesOf, localTimeOf, rulesOf, stemOf } from '@argus/harvest';
import { messageOf } from '@argus/kernel';
import type { VideoFacts } from '@argus/media';
import type { DataSource } from 'typeorm';
import { HarvestClaimLostError } from '../../errors.js';
import { wallStartOf } from '../../extract/extract-video.js';
import type { TakenFrame } from '../child/messages.js';
import type { ClaimedPart, HarvestStore, SegmentOutcome, VideoPlace } from '../harvest-store.js';
import { keepFrames, type FrameOrigin } from '../keep-frames.js';
import { NearDuplicates } from '../near-duplicates.js';
import { shareOut } from '../share-out.js';
import type { PictureShelf } from '../picture-shelf.js';
import type { VideoFiles } from './video-files.js';
import type { VideoReader } from './video-reader.js';

export interface VideoPartWork {
  readonly dataSource: DataSource;
  readonly store: Pick<HarvestStore, 'commit' | 'renew'>;
  readonly files: VideoFiles;
  readonly samples: PictureShelf;
  readonly reader: VideoReader;
  readonly threads: number;
  /** Where passes through whole films keep what they have measured. */
  readonly scansDir: string;
}

interface VideoRow {
  readonly id: SegmentId;
  readonly path: string;
  readonly name: string;
  readonly bytes: string;
  readonly changed_us: string;
}

/** The same for all files of a part. */
interface Setting {
  readonly part: ClaimedPart;
  readonly source: VideoSource;
  readonly near: NearDuplicates | null;
  readonly work: VideoPartWork;
  readonly signal: AbortSignal;
}

/** More than a stretch takes. */
const LEAVE_MS = 5000;
/** Half the time of a claim. */
const RENEW_EVERY_MS = 5000;
const VIDEOS = 'SELECT id, path, name, bytes, changed_us FROM harvest_videos WHERE id = ANY ($1)';
const KNOWN = 'SELECT phash FROM dataset_samples WHERE dataset_id = $1 AND camera_id IS NULL AND group_name = $2 AND phash IS NOT NULL ORDER BY seq DESC LIMIT 64';

/** Harvests the video files of a part, one after the other, stretch by stretch, each with its samples and the place behind it at once. Aborted: it stops behind the stretch in hand. */
export async function runVideoPart(part: ClaimedPart, source: VideoSource, work: VideoPartWork, signal: AbortSignal): Promise<void> {
  const rows = new Map(((await work.dataSource.query(VIDEOS, [part.segmentIds])) as VideoRow[]).map((row) => [row.id, row]));
  const setting: Setting = { part, source, work, signal, near: part.recipe.dropNearDuplicates ? await knownOf(work.dataSource, part) : null };
  const most = part.quota === null ? null : shareOut(part.quota, part.segmentIds.map(() => 1));
  // A pass through a long film is not waited for: when the run was stopped, what it finds cannot be kept; when the worker stops, another one goes on.
  const renewing = setInterval(() => void work.store.renew(part).catch((error: unknown) => error instanceof HarvestClaimLostError && work.reader.close()), RENEW_EVERY_MS);
  let leaving: NodeJS.Timeout | undefined;
  const leave = (): void => void (leaving = setTimeout(() => work.reader.close(), LEAVE_MS));
  signal.addEventListener('abort', leave, { once: true });
  try {
    for (let at = part.nextSegment; at < part.segmentIds.length && !signal.aborted; at += 1) {
      const id = part.segmentIds[at] as SegmentId;
      const video = rows.get(id);
      const place = at === part.nextSegment ? part.cursor : null;
      if (video) await harvestVideo(setting, video, place, most?.[at] ?? null);
      else await work.store.commit(part, { segmentId: id, samples: [], near: 0, problem: 'the recipe forgot this file meanwhile' }, rulesOf(part.recipe));
    }
  } finally {
    clearInterval(renewing);
    clearTimeout(leaving);
    signal.removeEventListener('abort', leave);
  }
}

async function harvestVideo({ part, source, work, near, signal }: Setting, video: VideoRow, from: VideoPlace | null, most: number | null): Promise<void> {
  const { sampling, size, jpegQuality } = part.recipe;
  const commit = ({ problem = null, ...outcome }: Partial<SegmentOutcome>): Promise<void> =>
    // Where files lie on the server is nobody's business.
    work.store.commit(part, { segmentId: video.id, told: video.name, samples: [], near: 0, problem: problem?.replaceAll(video.path, video.name) ?? null, ...outcome }, rulesOf(part.recipe));
  const opened = await openVideo(work, source, video);
  if (signal.aborted) return;
  if ('problem' in opened) return commit(opened);
  if (isTooSmall(opened.facts, source.least)) return commit({ rejectedBy: leastRulesOf(source) });
  const scanPath = sampling.kind === 'scenes' ? join(work.scansDir, `${part.runId}-${video.id}`) : null;
  const stretches = work.reader.read({ path: video.path, scanPath, sampling, most, size, jpegQuality, threads: work.threads, place: from });
  for (;;) {
    const next = await stretches.next().catch((error: unknown) => ({ problem: messageOf(error) }));
    // Its process was ended here; the file has no part in that.
    if ('problem' in next && signal.aborted) return;
    if ('problem' in next) return commit(next);
    if (next.done) return;
    const { frames, place } = next.value;
    const kept = await keepFrames(frames, near, work.samples, (frame) => originOf(part, video, opened.facts, frame));
    // Before the rows that name them: a row never names what is not there.
    if (kept.samples.length > 0) await work.samples.commit();
    await commit({ ...kept, place: place && { ...place, share: shareOf(place, opened.facts) } });
    // What it was for is in the row now.
    if (scanPath !== null && from?.scenes == null) await rm(scanPath, { force: true });
    if (signal.aborted) return;
  }
}

/** Of the file that is done, as far as anybody can tell. */
const shareOf = ({ ptsUs }: VideoPlace, { seconds }: VideoFacts): number => (seconds > 0 ? Math.min(1, Math.max(0, ptsUs / 1e6 / seconds)) : 0);

/** A file may be copied to its place while somebody looks there: it is taken as it was planned, or by the next run. */
async function openVideo({ files, reader }: VideoPartWork, source: VideoSource, video: VideoRow): Promise<{ readonly facts: VideoFacts } | { readonly problem: string }> {
  try {
    const { bytes, changedUs } = await files.identityOf(source, video.path);
    if (String(bytes) !== video.bytes || changedUs.toString() !== video.changed_us) return { problem: 'it was changed since this run began; the next run takes it as it is then' };
    return { facts: await reader.facts(video.path) };
  } catch (error) {
    return { problem: messageOf(error) };
  }
}

function originOf({ recipe, group }: ClaimedPart, video: VideoRow, facts: VideoFacts, { frameIndex, ptsUs }: TakenFrame): FrameOrigin {
  const startMs = wallStartOf(video.name) ?? facts.takenAtMs;
  const wallMs = startMs === null ? null : Math.round(startMs + ptsUs / 1000);
  const zone = recipe.calendar.timeZone ?? 'UTC';
  return {
    name: `${stemOf(video.name).slice(0, 200)}-${frameIndex}.jpg`,
    group: group ?? '',
    video: video.name,
    wallMs,
    timeZone: wallMs === null ? null : zone,
    tzVersion: wallMs === null ? null : (localTimeOf(wallMs, zone).tzVersion ?? ''),
    isOriginal: false,
  };
}

async function knownOf(dataSource: DataSource, { datasetId, group }: ClaimedPart): Promise<NearDuplicates> {
  return NearDuplicates.of((await dataSource.query(KNOWN, [datasetId, group])) as { phash: string }[]);
}
