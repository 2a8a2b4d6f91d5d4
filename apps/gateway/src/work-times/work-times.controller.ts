import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { WorkTimesService } from './work-times.service.js';

@Controller()
export class WorkTimesController {
  constructor(private readonly times: WorkTimesService) {}

  @ApiRoute('getDatasetTime') read(@Input() { params }: RouteInput<'getDatasetTime'>, @Caller() caller: Principal) { return this.times.read(params.id, caller); }
  @ApiRoute('reportWork') report(@Input() { params, body }: RouteInput<'reportWork'>, @Caller() caller: Principal) { return this.times.report(params.id, body, caller); }
}
