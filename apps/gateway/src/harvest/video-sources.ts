import { HarvestTrouble, type HarvestSource, type UploadId, type VideoFolder } from '@argus/contracts';
import { isVideoName, videoChooser } from '@argus/harvest';
import { VideoFolders } from '@argus/storage';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ForbiddenError } from '../auth/errors.js';
import { requireNoGroupLimits } from '../auth/camera-access.js';
import { may, requireAllCameras, type Principal } from '../auth/principal.js';
import type { Settings } from '../settings.js';
import { SETTINGS } from '../tokens.js';
import { UploadsService } from '../uploads/uploads.service.js';
import { askWorker } from '../worker/ask-worker.js';

/** Uploads of saved recipes: who may run these may use them. */
const SAVED = `SELECT DISTINCT given.id FROM harvest_recipes, jsonb_array_elements_text(recipe#>'{source,uploadIds}') AS given (id) WHERE recipe#>>'{source,kind}' = 'uploads' AND given.id = ANY ($1)`;
/** The worker opens files for some seconds, behind a walk through what may be a large archive. */
const ANSWER_MS = 30_000;
const Survey = z.object({
  videos: z.array(z.object({ group: z.string(), bytes: z.number(), measured: z.object({ seconds: z.number(), pictures: z.number(), width: z.number(), height: z.number() }).nullable().optional() })),
  troubles: z.number(),
  named: z.array(HarvestTrouble),
});
export type VideoSurvey = z.infer<typeof Survey>;

/** Video files as harvests mean them: who may, and what there is. They are opened by the worker. */
@Injectable()
export class VideoSources {
  readonly #folders: VideoFolders;

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly uploads: UploadsService,
    private readonly dataSource: DataSource,
  ) {
    this.#folders = new VideoFolders(settings.videoDirs, [settings.dataDir, settings.recordingsDir, settings.exportsDir, settings.samplesDir]);
  }

  /** Those that the operator allows, or the ones in one of them. @throws VideoFolderError */
  async list(within: string | undefined, caller: Principal): Promise<VideoFolder[]> {
    requireMayRead('folder', caller);
    return within === undefined ? this.#folders.roots(isVideoName) : this.#folders.within(within, isVideoName);
  }

  /** @throws ForbiddenError, OutsideScopeError, VideoFolderError, NamePatternError, NotFoundError, UploadIncompleteError */
  async check(source: HarvestSource, caller: Principal): Promise<void> {
    requireMayRead(source.kind, caller);
    if (source.kind === 'cameras') return;
    videoChooser(source);
    if (source.kind === 'folder') return void (await this.#folders.resolve(source.path));
    const saved = new Set(((await this.dataSource.query(SAVED, [source.uploadIds])) as { id: UploadId }[]).map(({ id }) => id));
    for (const id of source.uploadIds) if (!saved.has(id)) await this.uploads.requireWhole(id, caller);
  }

  /** null: no worker answers. @throws what is wrong with the source */
  async survey(source: HarvestSource): Promise<VideoSurvey | null> {
    const answer = await askWorker(this.settings.workerSocket, '/videos', source, ANSWER_MS).catch(() => null);
    return answer?.status === 200 ? (Survey.safeParse(JSON.parse(answer.body)).data ?? null) : null;
  }
}

/** Nobody knows whose videos they are, so only who sees all cameras sees what comes of them. @throws ForbiddenError, OutsideScopeError, GroupLimitsError */
export function requireMayRead(kind: HarvestSource['kind'], caller: Principal): void {
  if (kind === 'cameras') return;
  const permission = kind === 'folder' ? 'harvest.folders' : 'dataset.write';
  if (!may(caller, permission)) throw new ForbiddenError(permission);
  requireAllCameras(caller, 'a harvest of video files');
  requireNoGroupLimits(caller, 'a harvest of video files');
}
