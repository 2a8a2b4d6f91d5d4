import { ArgusError } from '@argus/kernel';

/** A key is no person. */
export class WorkSessionError extends ArgusError {
  readonly code = 'work.no-session';
  constructor() {
    super('expected somebody who is signed in with a session, got an API key: only the time of people is measured');
  }
}
