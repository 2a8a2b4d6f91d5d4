import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { ApiKeysService } from './api-keys.service.js';

@Controller()
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  @ApiRoute('listApiKeys') list(@Input() input: RouteInput<'listApiKeys'>) { return this.keys.list(input.query); }

  @ApiRoute('createApiKey') create(@Input() input: RouteInput<'createApiKey'>, @Caller() caller: Principal) { return this.keys.create(input.body, caller); }

  @ApiRoute('deleteApiKey') remove(@Input() input: RouteInput<'deleteApiKey'>, @Caller() caller: Principal) { return this.keys.remove(input.params.id, caller); }
}
