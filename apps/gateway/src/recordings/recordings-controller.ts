import type { FootageObjects, FootagePlan, Timeline } from '@argus/contracts';
import type { Logger } from '@argus/kernel';
import { Controller, Inject, Req, Res, type StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { LOGGER } from '../tokens.js';
import { Film } from './film.js';
import { RecordingsService } from './recordings-service.js';
import { sendFilm, sendMaskedFilm } from './send-film.js';

/** A player that goes on reading asks so; from byte 0 on it begins. */
const CONTINUES = /^bytes=(?!0-)/;

@Controller()
export class RecordingsController {
  constructor(
    private readonly recordings: RecordingsService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  @ApiRoute('getTimeline') timeline(@Input() { query }: RouteInput<'getTimeline'>, @Caller() caller: Principal): Promise<Timeline> {
    return this.recordings.timeline(query, caller);
  }

  @ApiRoute('getFootage') async footage(@Input() { params, query }: RouteInput<'getFootage'>, @Caller() caller: Principal, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const { film, cameraName } = await this.recordings.film(params.id, query, caller, { continues: CONTINUES.test(request.headers.range ?? ''), signal: gone.signal });
    return film instanceof Film ? sendFilm(film, cameraName, request, response, this.log) : sendMaskedFilm(film, cameraName, response, this.log);
  }

  @ApiRoute('getFootagePlan') footagePlan(@Input() { params, query }: RouteInput<'getFootagePlan'>, @Caller() caller: Principal): Promise<FootagePlan> {
    return this.recordings.footagePlan(params.id, query, caller);
  }

  @ApiRoute('getFootageObjects') footageObjects(@Input() { params, query }: RouteInput<'getFootageObjects'>, @Caller() caller: Principal): Promise<FootageObjects> {
    return this.recordings.footageObjects(params.id, query, caller);
  }
}
