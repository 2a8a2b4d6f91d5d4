import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { RecordingHoldsService } from './recording-holds-service.js';
import { RecordingUpkeepService } from './recording-upkeep-service.js';

@Controller()
export class RecordingUpkeepController {
  constructor(
    private readonly holds: RecordingHoldsService,
    private readonly upkeep: RecordingUpkeepService,
  ) {}

  @ApiRoute('listHolds') listHolds(@Input() { query }: RouteInput<'listHolds'>, @Caller() caller: Principal) { return this.holds.list(query, caller); }

  @ApiRoute('createHold') createHold(@Input() { body }: RouteInput<'createHold'>, @Caller() caller: Principal) { return this.holds.create(body, caller); }

  @ApiRoute('deleteHold') deleteHold(@Input() { params }: RouteInput<'deleteHold'>, @Caller() caller: Principal) { return this.holds.remove(params.id, caller); }

  @ApiRoute('getRecordingLimits') limits() { return this.upkeep.limits(); }

  @ApiRoute('updateRecordingLimits') setLimits(@Input() { body }: RouteInput<'updateRecordingLimits'>, @Caller() caller: Principal) { return this.upkeep.setLimits(body, caller); }

  @ApiRoute('verifyRecordings') verify(@Caller() caller: Principal) { return this.upkeep.verify(caller); }

  @ApiRoute('repairRecordings') repair(@Caller() caller: Principal) { return this.upkeep.repair(caller); }

  @ApiRoute('pruneRecordings') prune(@Input() { body }: RouteInput<'pruneRecordings'>, @Caller() caller: Principal) { return this.upkeep.prune(body, caller); }
}
