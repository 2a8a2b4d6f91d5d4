import { Controller, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { Principal } from '../auth/principal.js';
import { ApiRoute, Caller } from '../http/api-route.js';
import { FORMATS, formatFor } from './metrics-text.js';
import { MetricsService } from './metrics.service.js';

@Controller()
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @ApiRoute('getMetrics') async scrape(@Caller() caller: Principal, @Req() request: Request, @Res({ passthrough: true }) response: Response) {
    const format = formatFor(request.headers.accept);
    response.setHeader('content-type', FORMATS[format]);
    return this.metrics.scrape(caller, format);
  }
}
