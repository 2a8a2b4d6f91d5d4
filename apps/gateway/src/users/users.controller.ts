import { Controller } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { UsersService } from './users.service.js';

@Controller()
export class UsersController {
  constructor(private readonly users: UsersService) {}

  @ApiRoute('listUsers') list(@Input() input: RouteInput<'listUsers'>) { return this.users.list(input.query); }

  @ApiRoute('createUser') create(@Input() input: RouteInput<'createUser'>, @Caller() caller: Principal) { return this.users.create(input.body, caller); }

  @ApiRoute('updateUser') update(@Input() input: RouteInput<'updateUser'>, @Caller() caller: Principal) { return this.users.update(input.params.id, input.body, caller); }

  @ApiRoute('deleteUser') remove(@Input() input: RouteInput<'deleteUser'>, @Caller() caller: Principal) { return this.users.remove(input.params.id, caller); }
}
