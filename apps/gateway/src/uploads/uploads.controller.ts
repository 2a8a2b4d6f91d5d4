import { Controller, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { UploadsService } from './uploads.service.js';

/** The protocol tus answers by itself; only who may is asked before. */
@Controller()
export class UploadsController {
  constructor(private readonly uploads: UploadsService) {}

  @ApiRoute('createUpload') create(@Caller() caller: Principal, @Req() request: Request, @Res() response: Response) { return this.uploads.handle(null, caller, request, response); }
  @ApiRoute('appendUpload') append(@Input() { params }: RouteInput<'appendUpload'>, @Caller() caller: Principal, @Req() request: Request, @Res() response: Response) { return this.uploads.handle(params.id, caller, request, response); }
  @ApiRoute('deleteUpload') remove(@Input() { params }: RouteInput<'deleteUpload'>, @Caller() caller: Principal, @Req() request: Request, @Res() response: Response) { return this.uploads.handle(params.id, caller, request, response); }

  /** HEAD comes here, too. */
  @ApiRoute('getUpload') async get(@Input() { params }: RouteInput<'getUpload'>, @Caller() caller: Principal, @Req() request: Request, @Res() response: Response): Promise<void> {
    if (request.method === 'HEAD') await this.uploads.handle(params.id, caller, request, response);
    else response.json(await this.uploads.get(params.id, caller));
  }
}
