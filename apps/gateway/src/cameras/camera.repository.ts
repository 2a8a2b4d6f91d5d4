import type { Camera, CameraId, CameraScope, CameraSettings, PageQuery } from '@argus/contracts';
import { CameraEntity, SecretBox } from '@argus/database';
import { Injectable } from '@nestjs/common';
import { And, DataSource, In, MoreThan, type EntityManager, type FindOperator } from 'typeorm';
import { idAfter } from '../http/page-by-id.js';
import { hideSecrets, restoreSecrets } from './camera-url.js';
import type { UrlField } from './errors.js';

/** Cameras in the table; outside of the scope is as if it were not there. Whole URLs are sealed and leave by `urlOf` only. */
@Injectable()
export class CameraRepository {
  constructor(
    private readonly dataSource: DataSource,
    private readonly secrets: SecretBox,
  ) {}

  list(query: PageQuery, scope: CameraScope): Promise<CameraEntity[]> {
    const after = idAfter(query) as CameraId | undefined;
    const conditions: FindOperator<CameraId>[] = [...(after ? [MoreThan(after)] : []), ...(scope ? [In(scope)] : [])];
    return this.dataSource.getRepository(CameraEntity).find({ where: conditions.length > 0 ? { id: And(...conditions) } : {}, order: { id: 'ASC' }, take: query.limit + 1 });
  }

  listAll(scope: CameraScope): Promise<CameraEntity[]> {
    return this.dataSource.getRepository(CameraEntity).find({ where: scope ? { id: In(scope) } : {}, order: { id: 'ASC' } });
  }

  find(id: CameraId, scope: CameraScope, manager: EntityManager = this.dataSource.manager): Promise<CameraEntity | null> {
    return scope === null || scope.includes(id) ? manager.findOneBy(CameraEntity, { id }) : Promise.resolve(null);
  }

  /** The row for these settings; `url` with its secrets. */
  rowOf(id: CameraId, settings: CameraSettings, createdAt: Date, updatedAt: Date): CameraEntity {
    const main = this.#hide(settings.url, placeOf(id));
    const analysis = settings.analysisUrl === null ? null : this.#hide(settings.analysisUrl, analysisPlaceOf(id));
    const urls = { url: main.shown, sealedUrl: main.sealed, analysisUrl: analysis?.shown ?? null, sealedAnalysisUrl: analysis?.sealed ?? null };
    return this.dataSource.manager.create(CameraEntity, { ...settings, id, ...urls, createdAt, updatedAt });
  }

  /** With its secrets: for the engine only. */
  urlOf(camera: CameraEntity): string {
    return camera.sealedUrl === null ? camera.url : this.secrets.open(camera.sealedUrl, placeOf(camera.id));
  }

  /** With its secrets: for the engine only. */
  analysisUrlOf(camera: CameraEntity): string | null {
    return camera.sealedAnalysisUrl === null ? camera.analysisUrl : this.secrets.open(camera.sealedAnalysisUrl, analysisPlaceOf(camera.id));
  }

  /** An address as sent, with what is stored where it has `***`. The stream for analysis may also have the main stream's password. */
  restore(sent: string, camera: CameraEntity, field: UrlField, shownAt = field): string {
    return restoreSecrets(sent, this.#stored(camera, field), shownAt);
  }

  /** Opened only when looked at: after the key file was lost, entering the URL again has to work. */
  *#stored(camera: CameraEntity, field: UrlField): Generator<string> {
    const own = field === 'analysisUrl' ? this.analysisUrlOf(camera) : null;
    if (own !== null) yield own;
    yield this.urlOf(camera);
  }

  #hide(url: string, place: string): { shown: string; sealed: string | null } {
    const shown = hideSecrets(url);
    return { shown, sealed: shown === url ? null : this.secrets.seal(url, place) };
  }
}

const placeOf = (id: CameraId): string => `cameras:${id}`;
const analysisPlaceOf = (id: CameraId): string => `cameras:${id}:analysis`;

export function cameraOf({ sealedUrl: _sealed, sealedAnalysisUrl: _sealedToo, maskedUntil: _past, createdAt, updatedAt, ...settings }: CameraEntity): Camera {
  return { ...settings, createdAt: createdAt.toISOString(), updatedAt: updatedAt.toISOString() };
}
