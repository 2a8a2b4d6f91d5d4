import { Controller, StreamableFile } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { CameraPictures } from './camera-pictures.js';
import { CamerasService } from './cameras.service.js';

@Controller()
export class CamerasController {
  constructor(
    private readonly cameras: CamerasService,
    private readonly pictures: CameraPictures,
  ) {}

  @ApiRoute('listCameras') list(@Input() input: RouteInput<'listCameras'>, @Caller() caller: Principal) { return this.cameras.list(input.query, caller); }

  @ApiRoute('createCamera') create(@Input() input: RouteInput<'createCamera'>, @Caller() caller: Principal) { return this.cameras.create(input.body, caller); }

  @ApiRoute('getCamera') get(@Input() input: RouteInput<'getCamera'>, @Caller() caller: Principal) { return this.cameras.get(input.params.id, caller); }

  @ApiRoute('updateCamera') update(@Input() input: RouteInput<'updateCamera'>, @Caller() caller: Principal) { return this.cameras.update(input.params.id, input.body, caller); }

  @ApiRoute('deleteCamera') remove(@Input() input: RouteInput<'deleteCamera'>, @Caller() caller: Principal) { return this.cameras.remove(input.params.id, caller); }

  @ApiRoute('probeCamera') probe(@Input() input: RouteInput<'probeCamera'>, @Caller() caller: Principal) { return this.pictures.probe(input.body, caller); }

  @ApiRoute('getSnapshot') async snapshot(@Input() input: RouteInput<'getSnapshot'>, @Caller() caller: Principal) { return new StreamableFile(await this.pictures.snapshot(input.params.id, input.query.width, caller), { type: 'image/jpeg' }); }
}
