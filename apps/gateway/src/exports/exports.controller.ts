import { Controller, Req, Res, StreamableFile } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller, Input } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { stretchOf } from '../http/stretch-of.js';
import { ExportsService, type OpenExportFile } from './exports.service.js';

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
    return send(await this.exports.openFile(params.id, params.name, caller), request, response);
  }
}

/** All of the file, or the stretch that was asked for. */
async function send({ handle, size, name }: OpenExportFile, request: Request, response: Response): Promise<StreamableFile> {
  try {
    const { first, last } = stretchOf(size, null, request, response);
    const plain = name.replace(/[^A-Za-z0-9._-]/g, '-');
    const encoded = encodeURIComponent(name).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
    return new StreamableFile(handle.createReadStream({ start: first, end: last }), { type: 'video/mp4', length: last - first + 1, disposition: `attachment; filename="${plain}"; filename*=UTF-8''${encoded}` });
  } catch (error) {
    await handle.close();
    throw error;
  }
}
