import { Controller, Res, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import { DataSource } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { readMatrix, readStatistics } from './dataset-matrix.js';
import { readOrigins } from './dataset-origins.js';
import { DatasetVersionsService } from './dataset-versions.service.js';
import { DatasetsService } from './datasets.service.js';
import { SampleSearch } from './sample-search.js';
import { readSampleStorage } from './sample-storage.js';
import { SamplesService } from './samples.service.js';

@Controller()
export class DatasetsController {
  constructor(
    private readonly datasets: DatasetsService,
    private readonly samples: SamplesService,
    private readonly versions: DatasetVersionsService,
    private readonly search: SampleSearch,
    private readonly dataSource: DataSource,
  ) {}

  @ApiRoute('listDatasets') list(@Input() { query }: RouteInput<'listDatasets'>, @Caller() caller: Principal) { return this.datasets.list(query, caller); }
  @ApiRoute('createDataset') create(@Input() { body }: RouteInput<'createDataset'>, @Caller() caller: Principal) { return this.datasets.create(body, caller); }
  @ApiRoute('getDataset') get(@Input() { params }: RouteInput<'getDataset'>, @Caller() caller: Principal) { return this.datasets.get(params.id, caller); }
  @ApiRoute('updateDataset') update(@Input() { params, body }: RouteInput<'updateDataset'>, @Caller() caller: Principal) { return this.datasets.update(params.id, body, caller); }
  @ApiRoute('deleteDataset') remove(@Input() { params }: RouteInput<'deleteDataset'>, @Caller() caller: Principal) { return this.datasets.remove(params.id, caller); }
  @ApiRoute('listDatasetVersions') listVersions(@Input() { params }: RouteInput<'listDatasetVersions'>, @Caller() caller: Principal) { return this.versions.list(params.id, caller); }
  @ApiRoute('changeDatasetVersion') changeVersion(@Input() { params, body }: RouteInput<'changeDatasetVersion'>, @Caller() caller: Principal) { return this.versions.change(params.id, params.digest, body, caller); }
  @ApiRoute('deleteDatasetVersion') removeVersion(@Input() { params }: RouteInput<'deleteDatasetVersion'>, @Caller() caller: Principal) { return this.versions.remove(params.id, params.digest, caller); }
  @ApiRoute('getSampleStorage') storage() { return readSampleStorage(this.dataSource); }
  @ApiRoute('listSamples') listSamples(@Input() { params, query }: RouteInput<'listSamples'>, @Caller() caller: Principal) { return this.samples.list(params.id, query, caller); }
  @ApiRoute('listSampleDigests') listDigests(@Input() { params, query }: RouteInput<'listSampleDigests'>, @Caller() caller: Principal) { return this.samples.listDigests(params.id, query, caller); }
  @ApiRoute('searchSamples') searchSamples(@Input() { params, query }: RouteInput<'searchSamples'>, @Caller() caller: Principal) { return this.search.find(params.id, query, caller); }
  @ApiRoute('searchByPicture') searchByPicture(@Input() { params, query, body }: RouteInput<'searchByPicture'>, @Caller() caller: Principal) { return this.search.findLike(params.id, body.picture, query, caller); }
  @ApiRoute('getDatasetVectors') vectors(@Input() { params }: RouteInput<'getDatasetVectors'>, @Caller() caller: Principal) { return this.search.vectors(params.id, caller); }
  @ApiRoute('getSample') getSample(@Input() { params }: RouteInput<'getSample'>, @Caller() caller: Principal) { return this.samples.get(params.id, params.sha256, caller); }
  @ApiRoute('saveAnnotations') saveAnnotations(@Input() { params, body }: RouteInput<'saveAnnotations'>, @Caller() caller: Principal) { return this.samples.saveAnnotations(params.id, params.sha256, body.annotations, caller); }
  @ApiRoute('changeSamples') changeSamples(@Input() { params, body }: RouteInput<'changeSamples'>, @Caller() caller: Principal) { return this.samples.change(params.id, body, caller); }
  @ApiRoute('removeSamples') removeSamples(@Input() { params, body }: RouteInput<'removeSamples'>, @Caller() caller: Principal) { return this.samples.remove(params.id, body, caller); }
  @ApiRoute('restoreSamples') restoreSamples(@Input() { params, body }: RouteInput<'restoreSamples'>, @Caller() caller: Principal) { return this.samples.restore(params.id, body, caller); }
  @ApiRoute('copySamples') copySamples(@Input() { params, body }: RouteInput<'copySamples'>, @Caller() caller: Principal) { return this.samples.copy(params.id, body, caller); }

  @ApiRoute('getSamplePicture') async picture(@Input() { params, query }: RouteInput<'getSamplePicture'>, @Caller() caller: Principal, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const { content, mime } = await this.samples.picture(params.id, params.sha256, query.size, caller);
    // Named by its digest, it never changes; but who signs in after somebody else asks again.
    response.set({ 'cache-control': 'private, max-age=31536000, immutable', etag: `"${params.sha256}-${query.size}"`, vary: 'cookie, authorization' });
    return new StreamableFile(content, { type: mime, length: content.byteLength });
  }

  @ApiRoute('getDatasetMatrix') async matrix(@Input() { params, query }: RouteInput<'getDatasetMatrix'>, @Caller() caller: Principal) {
    await this.datasets.require(params.id, caller);
    return readMatrix(this.dataSource, params.id, query);
  }

  @ApiRoute('listDatasetOrigins') async origins(@Input() { params }: RouteInput<'listDatasetOrigins'>, @Caller() caller: Principal) {
    await this.datasets.require(params.id, caller);
    return readOrigins(this.dataSource, params.id, caller);
  }

  @ApiRoute('getDatasetStatistics') async statistics(@Input() { params }: RouteInput<'getDatasetStatistics'>, @Caller() caller: Principal) {
    await this.datasets.require(params.id, caller);
    return readStatistics(this.dataSource, params.id);
  }
}
