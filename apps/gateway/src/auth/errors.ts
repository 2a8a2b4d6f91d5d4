import type { CameraRight } from '@argus/contracts';
import { ArgusError } from '@argus/kernel';

export class AuthRequiredError extends ArgusError {
  readonly code = 'auth.required';
  constructor() {
    super('sign in, or send an API key as "Authorization: Bearer …"; the one that came is missing, unknown or expired');
  }
}

export class ForbiddenError extends ArgusError {
  readonly code = 'auth.forbidden';
  constructor(permission: string) {
    super(`this needs the permission ${permission}, which your role or key does not have`, { permission });
  }
}

export class OutsideScopeError extends ArgusError {
  readonly code = 'auth.outside-scope';
  constructor(what: string) {
    super(`${what} concerns cameras that you may not see; ask somebody who sees all of them`);
  }
}

const WAYS: Readonly<Record<CameraRight, string>> = { live: 'watch this camera live', recordings: 'see recordings and event pictures of this camera', exports: 'export footage of this camera' };

export class CameraRightError extends ArgusError {
  readonly code = 'auth.camera-right';
  constructor(right: CameraRight) {
    super(`your rights by camera group do not let you ${WAYS[right]}; ask an administrator`, { right });
  }
}

export class GroupLimitsError extends ArgusError {
  readonly code = 'auth.group-limits';
  constructor(what: string) {
    super(`${what} is for people whose rights are not limited by camera group: tags and addresses decide who sees what; ask one of them`);
  }
}

export class BeyondOwnRightsError extends ArgusError {
  readonly code = 'auth.beyond-own-rights';
  constructor() {
    super('nobody can hand out or take over more permissions, cameras or rights by camera group than their own');
  }
}

/** One text for unknown name, wrong password and disabled user: it tells a guesser nothing. */
export class SignInFailedError extends ArgusError {
  readonly code = 'auth.sign-in-failed';
  constructor() {
    super('name or password is wrong, or the user is disabled');
  }
}

export class TooManyAttemptsError extends ArgusError {
  readonly code = 'auth.too-many-attempts';
  constructor(readonly retryAfterSeconds: number) {
    super(`too many failed sign-ins; try again in ${retryAfterSeconds} s`, { retryAfterSeconds });
  }
}

export class SetUpTokenError extends ArgusError {
  readonly code = 'auth.set-up-token';
  constructor() {
    super('the link is not the one that Argus printed at its last start; start it again or copy the newest link');
  }
}

export class SetUpDoneError extends ArgusError {
  readonly code = 'auth.set-up-done';
  constructor() {
    super('the first administrator exists already, so the link is used up; sign in with name and password');
  }
}
