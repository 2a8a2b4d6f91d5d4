import { Controller, Req, Res, StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { sendFile } from '../http/send-file.js';
import { ExportsService } from './exports.service.js';

@Controller()
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @ApiRoute('listExports') list(@Input() { query }: RouteInput<'listExports'>, @Caller() caller: Principal) { return this.exports.list(query, caller); }
  @ApiRoute('createExport') create(@Input() { body }: RouteInput<'createExport'>, @Caller() caller: Principal) { return this.exports.create(body, caller); }
  @ApiRoute('estimateExport') estimate(@Input() { body }: RouteInput<'estimateExport'>, @Caller() caller: Principal) { return this.exports.estimate(body, caller); }
  @ApiRoute('getExport') get(@Input() { params }: RouteInput<'getExport'>, @Caller() caller: Principal) { return this.exports.get(params.id, caller); }
  @ApiRoute('cancelExport') cancel(@Input() { params }: RouteInput<'cancelExport'>, @Caller() caller: Principal) { return this.exports.cancel(params.id, caller); }
  @ApiRoute('resumeExport') resume(@Input() { params }: RouteInput<'resumeExport'>, @Caller() caller: Principal) { return this.exports.resume(params.id, caller); }
  @ApiRoute('deleteExport') remove(@Input() { params }: RouteInput<'deleteExport'>, @Caller() caller: Principal) { return this.exports.remove(params.id, caller); }

  @ApiRoute('getExportManifest') async manifest(@Input() { params }: RouteInput<'getExportManifest'>, @Caller() caller: Principal): Promise<StreamableFile> {
    return new StreamableFile(await this.exports.manifest(params.id, caller), { type: 'application/json', disposition: 'attachment; filename="manifest.json"' });
  }

  @ApiRoute('getExportFile') async file(@Input() { params }: RouteInput<'getExportFile'>, @Caller() caller: Principal, @Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    return sendFile(await this.exports.openFile(params.id, params.name, caller), 'video/mp4', request, response);
  }
}
