import type { Timeline } from '@argus/contracts';
import { Controller, Res, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { RecordingsService, type FootageAnswer } from './recordings-service.js';

@Controller()
export class RecordingsController {
  constructor(private readonly recordings: RecordingsService) {}

  @ApiRoute('getTimeline') timeline(@Input() { query }: RouteInput<'getTimeline'>, @Caller() caller: Principal): Promise<Timeline> {
    return this.recordings.timeline(query, caller);
  }

  @ApiRoute('getFootage') async footage(@Input() { params, query }: RouteInput<'getFootage'>, @Caller() caller: Principal, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    return asDownload(await this.recordings.footage(params.id, query, caller), response);
  }
}

function asDownload({ body, byteLength, contentType, fileName, startAt, nextFrom }: FootageAnswer, response: Response): StreamableFile {
  response.setHeader('content-type', contentType);
  response.setHeader('argus-start-at', startAt);
  if (nextFrom !== null) response.setHeader('argus-next-from', nextFrom);
  return new StreamableFile(body, { type: contentType, length: byteLength, disposition: `attachment; filename="${fileName.plain}"; filename*=UTF-8''${fileName.encoded}` });
}
