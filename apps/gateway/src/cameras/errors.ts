import { ArgusError } from '@argus/kernel';
import { InvalidRequestError } from '../http/errors.js';
import type { UrlField } from './camera-url.js';

/** A source URL that cannot be taken; shown at its field. */
export class CameraUrlError extends InvalidRequestError {
  constructor(field: UrlField, message: string) {
    super([{ path: field, message }]);
  }
}

export class PasswordNeededError extends InvalidRequestError {
  constructor(field: UrlField) {
    super([{ path: field, message: 'the stored password is kept only for the same scheme, host, port and user name; enter it again instead of ***' }]);
  }
}

export class NoPictureError extends ArgusError {
  readonly code = 'snapshot.none';
  constructor() {
    super('there is no picture of this camera yet; its state on the system page says why');
  }
}
