import { Controller } from '@nestjs/common';
import { ApiRoute, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { ModelsService } from './models.service.js';

@Controller()
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  @ApiRoute('listModels') list(@Input() input: RouteInput<'listModels'>) { return this.models.list(input.query); }
}
