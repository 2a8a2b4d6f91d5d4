import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { TuningService } from './tuning.service.js';

@Controller()
export class TuningController {
  constructor(private readonly tuning: TuningService) {}

  @ApiRoute('getTuning') get() { return this.tuning.get(); }

  @ApiRoute('updateTuning') update(@Input() input: RouteInput<'updateTuning'>, @Caller() caller: Principal) { return this.tuning.update(input.body, caller); }
}
