import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller } from '../http/api-route.js';
import { SystemService } from './system.service.js';

@Controller()
export class SystemController {
  constructor(private readonly system: SystemService) {}

  @ApiRoute('health') health() { return this.system.health(); }

  @ApiRoute('getSystem') status(@Caller() caller: Principal) { return this.system.status(caller); }
}
