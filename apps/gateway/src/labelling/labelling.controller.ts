import type { AddedFootagePictures } from '@argus/contracts';
import { messageOf, type Logger } from '@argus/kernel';
import { Controller, Inject, Res, StreamableFile } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { LOGGER } from '../tokens.js';
import { LabellingService } from './labelling.service.js';

@Controller()
export class LabellingController {
  constructor(
    private readonly labelling: LabellingService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Sent while it is made; who stops reading stops it. */
  @ApiRoute('followBoxes') async follow(@Input() { params, body }: RouteInput<'followBoxes'>, @Caller() caller: Principal, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    const lines = await this.labelling.follow(params.id, body, caller, gone.signal);
    lines.on('error', (error) => {
      if (!gone.signal.aborted) this.log.warn('followed boxes could not be sent to their end', { error: messageOf(error) });
      response.destroy();
    });
    // It shows footage under the masks of now.
    response.setHeader('cache-control', 'no-store');
    return new StreamableFile(lines, { type: 'application/x-ndjson' });
  }

  @ApiRoute('addFootagePictures') add(@Input() { params, body }: RouteInput<'addFootagePictures'>, @Caller() caller: Principal): Promise<AddedFootagePictures> {
    return this.labelling.add(params.id, body, caller);
  }
}
