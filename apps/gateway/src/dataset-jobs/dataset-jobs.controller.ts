import { Controller, Req, Res, type StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { sendFile } from '../http/send-file.js';
import { DatasetFilesService } from './dataset-files.service.js';
import { DatasetJobsService } from './dataset-jobs.service.js';

@Controller()
export class DatasetJobsController {
  constructor(
    private readonly jobs: DatasetJobsService,
    private readonly files: DatasetFilesService,
  ) {}

  @ApiRoute('createDatasetJob') create(@Input() { params, body }: RouteInput<'createDatasetJob'>, @Caller() caller: Principal) { return this.jobs.create(params.id, body, caller); }
  @ApiRoute('createDatasetJobs') createAll(@Input() { body }: RouteInput<'createDatasetJobs'>, @Caller() caller: Principal) { return this.jobs.createAll(body, caller); }
  @ApiRoute('listDatasetJobs') list(@Input() { params, query }: RouteInput<'listDatasetJobs'>, @Caller() caller: Principal) { return this.jobs.list(params.id, query, caller); }
  @ApiRoute('getDatasetJob') get(@Input() { params }: RouteInput<'getDatasetJob'>, @Caller() caller: Principal) { return this.jobs.get(params.id, caller); }
  @ApiRoute('cancelDatasetJob') cancel(@Input() { params }: RouteInput<'cancelDatasetJob'>, @Caller() caller: Principal) { return this.jobs.cancel(params.id, caller); }
  @ApiRoute('resumeDatasetJob') resume(@Input() { params }: RouteInput<'resumeDatasetJob'>, @Caller() caller: Principal) { return this.jobs.resume(params.id, caller); }

  @ApiRoute('getDatasetJobFile') async file(@Input() { params }: RouteInput<'getDatasetJobFile'>, @Caller() caller: Principal, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    return sendFile(await this.files.open(params.id, params.jobId, caller), 'application/zip', request, response);
  }
}
