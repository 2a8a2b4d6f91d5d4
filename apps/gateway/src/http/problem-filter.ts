import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { messageOf, type Logger } from '@argus/kernel';
import type { Request, Response } from 'express';
import { problemOf } from './problem.js';

/** The edge: whatever a handler, guard or parser throws leaves as problem+json. Faults of ours are logged with their stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<Request>();
    const response = host.switchToHttp().getResponse<Response>();
    const problem = problemOf(thrown);
    if (problem.status === 500) {
      this.log.error('a request failed', { method: request.method, path: request.path, error: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown) });
    }
    if (problem.code === 'request.conflict') this.log.warn('two requests changed the same at once', { method: request.method, path: request.path, error: messageOf(thrown) });
    if (response.headersSent) return void response.destroy();
    const retryAfter = (thrown as { retryAfterSeconds?: unknown } | null)?.retryAfterSeconds;
    if (typeof retryAfter === 'number') response.setHeader('retry-after', String(retryAfter));
    response.setHeader('cache-control', 'no-store');
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}
