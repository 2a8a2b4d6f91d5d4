import { ArgusError } from '@argus/kernel';
import { InvalidRequestError } from '../http/errors.js';

/** Which of a camera's addresses: errors are shown at it. */
export type UrlField = 'url' | 'analysisUrl';

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
