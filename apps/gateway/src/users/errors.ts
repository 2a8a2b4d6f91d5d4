import { ArgusError } from '@argus/kernel';

export class UserNameTakenError extends ArgusError {
  readonly code = 'user.name-taken';
  constructor(name: string) {
    super(`there is a user named ${name} already; capitals make no difference`);
  }
}

export class LastAdminError extends ArgusError {
  readonly code = 'user.last-admin';
  constructor() {
    super('one enabled administrator who sees all cameras without limits by group has to remain; make another one first');
  }
}
