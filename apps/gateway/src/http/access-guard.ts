import { api } from '@argus/contracts';
import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AuditTrail } from '../audit/audit-trail.js';
import { Authenticator } from '../auth/authenticator.js';
import { AuthRequiredError, ForbiddenError } from '../auth/errors.js';
import { may } from '../auth/principal.js';
import { routeNameOf, type GuardedRequest } from './api-route.js';
import { CrossOriginError } from './errors.js';
import { isSafeMethod, isSameOrigin } from './same-origin.js';

/** Stands before every handler. Deny by default: a handler without a route of the catalogue is never reached. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly authenticator: Authenticator,
    private readonly audit: AuditTrail,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<GuardedRequest>();
    const name = routeNameOf(context.getHandler());
    if (!name) throw new ForbiddenError('a route of the catalogue');
    const byKey = request.headers.authorization !== undefined;
    if (!byKey && !isSafeMethod(request.method) && !isSameOrigin(request.headers)) throw new CrossOriginError();
    const { permission } = api[name];
    const asked = this.authenticator.authenticateRequest(request.headers, request.ip ?? null);
    // Health has to answer while the database, and with it every session, is away.
    request.principal = await (name === 'health' ? asked.catch(() => null) : asked);
    if (permission === null) return true;
    if (!request.principal) throw new AuthRequiredError();
    if (!may(request.principal, permission)) {
      // Who tried to take footage or samples away, and may not, is written down.
      if (permission === 'dataset.export' || permission === 'recording.export') await this.audit.record(request.principal, { action: `${permission}-refused`, subject: 'route', subjectId: null, details: { route: name, path: request.path, reason: 'auth.forbidden' } });
      throw new ForbiddenError(permission);
    }
    return true;
  }
}
