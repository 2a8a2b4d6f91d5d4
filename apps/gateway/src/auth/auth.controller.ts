import { type Account, type AuthState, ROLE_PERMISSIONS } from '@argus/contracts';
import type { UserEntity } from '@argus/database';
import { Controller, Req } from '@nestjs/common';
import type { Request } from 'express';
import { ApiRoute, Caller, Input, MaybeCaller } from '../http/api-route.js';
import type { RouteInput } from '../http/input.js';
import { AuthService, type Visitor } from './auth.service.js';
import type { Principal } from './principal.js';
import { clearSessionCookie, setSessionCookie } from './session-cookie.js';
import { SESSION_LONGEST_MS } from './session.repository.js';

@Controller()
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @ApiRoute('getAuthState') state(@MaybeCaller() caller: Principal | null) { return this.auth.state(caller); }

  @ApiRoute('setUp') async setUp(@Input() input: RouteInput<'setUp'>, @Req() request: Request) { return greet(request, await this.auth.setUp(input.body, visitorOf(request))); }

  @ApiRoute('signIn') async signIn(@Input() input: RouteInput<'signIn'>, @Req() request: Request) { return greet(request, await this.auth.signIn(input.body, visitorOf(request))); }

  @ApiRoute('signOut') async signOut(@Caller() caller: Principal, @Req() request: Request) {
    await this.auth.signOut(caller);
    clearSessionCookie(request);
  }
}

const visitorOf = (request: Request): Visitor => ({ remoteAddress: request.ip ?? null, userAgent: request.headers['user-agent'] ?? null });

function greet(request: Request, signedIn: { token: string; user: UserEntity }): AuthState {
  setSessionCookie(request, signedIn.token, SESSION_LONGEST_MS);
  return { needsSetUp: false, account: accountOf(signedIn.user) };
}

const accountOf = ({ name, role, cameraScope, groupRights }: UserEntity): Account => ({ kind: 'user', name, role, permissions: [...ROLE_PERMISSIONS[role]], cameraScope, groupRights });
