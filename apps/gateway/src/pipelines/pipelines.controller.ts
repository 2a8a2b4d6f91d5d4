import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { PipelinesService } from './pipelines.service.js';

@Controller()
export class PipelinesController {
  constructor(private readonly pipelines: PipelinesService) {}

  @ApiRoute('listPipelines') list(@Input() input: RouteInput<'listPipelines'>) { return this.pipelines.list(input.query); }

  @ApiRoute('createPipeline') create(@Input() input: RouteInput<'createPipeline'>, @Caller() caller: Principal) { return this.pipelines.create(input.body, caller); }

  @ApiRoute('updatePipeline') update(@Input() input: RouteInput<'updatePipeline'>, @Caller() caller: Principal) { return this.pipelines.update(input.params.id, input.body, caller); }

  @ApiRoute('deletePipeline') remove(@Input() input: RouteInput<'deletePipeline'>, @Caller() caller: Principal) { return this.pipelines.remove(input.params.id, caller); }
}
