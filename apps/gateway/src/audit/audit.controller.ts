import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { AuditTrail } from './audit-trail.js';

@Controller()
export class AuditController {
  constructor(private readonly audit: AuditTrail) {}

  @ApiRoute('listAudit') list(@Input() input: RouteInput<'listAudit'>, @Caller() caller: Principal) { return this.audit.list(input.query, caller); }
}
