import { Controller, Header } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { ProfilesService } from './profiles.service.js';

@Controller()
export class ProfilesController {
  constructor(private readonly profiles: ProfilesService) {}

  /** Passed on as the engine wrote it: it may be megabytes. */
  @ApiRoute('recordProfile') @Header('content-type', 'application/json; charset=utf-8') record(@Input() input: RouteInput<'recordProfile'>, @Caller() caller: Principal) { return this.profiles.record(input.body, caller); }
}
