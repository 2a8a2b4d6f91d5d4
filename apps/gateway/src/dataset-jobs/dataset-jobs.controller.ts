import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { DatasetJobsService } from './dataset-jobs.service.js';

@Controller()
export class DatasetJobsController {
  constructor(private readonly jobs: DatasetJobsService) {}

  @ApiRoute('createDatasetJob') create(@Input() { params, body }: RouteInput<'createDatasetJob'>, @Caller() caller: Principal) { return this.jobs.create(params.id, body, caller); }
  @ApiRoute('listDatasetJobs') list(@Input() { params, query }: RouteInput<'listDatasetJobs'>, @Caller() caller: Principal) { return this.jobs.list(params.id, query, caller); }
  @ApiRoute('getDatasetJob') get(@Input() { params }: RouteInput<'getDatasetJob'>, @Caller() caller: Principal) { return this.jobs.get(params.id, caller); }
  @ApiRoute('cancelDatasetJob') cancel(@Input() { params }: RouteInput<'cancelDatasetJob'>, @Caller() caller: Principal) { return this.jobs.cancel(params.id, caller); }
  @ApiRoute('resumeDatasetJob') resume(@Input() { params }: RouteInput<'resumeDatasetJob'>, @Caller() caller: Principal) { return this.jobs.resume(params.id, caller); }
}
