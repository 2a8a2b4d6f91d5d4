import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { PipelinesService } from './pipelines.service.js';

@Controller()
export class PipelinesController {
  constructor(private readonly pipelines: PipelinesService) {}

  @ApiRoute('listPipelines') list(@Input() input: RouteInput<'listPipelines'>, @Caller() caller: Principal) { return this.pipelines.list(input.query, caller); }

  @ApiRoute('createPipeline') create(@Input() input: RouteInput<'createPipeline'>, @Caller() caller: Principal) { return this.pipelines.create(input.body, caller); }

  @ApiRoute('updatePipeline') update(@Input() input: RouteInput<'updatePipeline'>, @Caller() caller: Principal) { return this.pipelines.update(input.params.id, input.body, caller); }

  @ApiRoute('deletePipeline') remove(@Input() input: RouteInput<'deletePipeline'>, @Caller() caller: Principal) { return this.pipelines.remove(input.params.id, caller); }

  @ApiRoute('startRollout') startRollout(@Input() input: RouteInput<'startRollout'>, @Caller() caller: Principal) { return this.pipelines.startRollout(input.params.id, input.body, caller); }

  @ApiRoute('endRollout') endRollout(@Input() input: RouteInput<'endRollout'>, @Caller() caller: Principal) { return this.pipelines.endRollout(input.params.id, caller); }

  @ApiRoute('promoteCandidate') promote(@Input() input: RouteInput<'promoteCandidate'>, @Caller() caller: Principal) { return this.pipelines.promote(input.params.id, caller); }

  @ApiRoute('rollBackPipeline') rollBack(@Input() input: RouteInput<'rollBackPipeline'>, @Caller() caller: Principal) { return this.pipelines.rollBack(input.params.id, caller); }
}
