import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { RulesService } from './rules.service.js';

@Controller()
export class RulesController {
  constructor(private readonly rules: RulesService) {}

  @ApiRoute('listRules') list(@Input() input: RouteInput<'listRules'>, @Caller() caller: Principal) { return this.rules.list(input.query, caller); }

  @ApiRoute('createRule') create(@Input() input: RouteInput<'createRule'>, @Caller() caller: Principal) { return this.rules.create(input.body, caller); }

  @ApiRoute('getRule') get(@Input() input: RouteInput<'getRule'>, @Caller() caller: Principal) { return this.rules.get(input.params.id, caller); }

  @ApiRoute('updateRule') update(@Input() input: RouteInput<'updateRule'>, @Caller() caller: Principal) { return this.rules.update(input.params.id, input.body, caller); }

  @ApiRoute('deleteRule') remove(@Input() input: RouteInput<'deleteRule'>, @Caller() caller: Principal) { return this.rules.remove(input.params.id, caller); }
}
