import { Controller } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller } from '../http/api-route.js';
import { readLearnGuide } from './read-learn-guide.js';

@Controller()
export class LearnGuideController {
  constructor(private readonly dataSource: DataSource) {}

  @ApiRoute('getLearnGuide') guide(@Caller() caller: Principal) { return readLearnGuide(this.dataSource, caller); }
}
