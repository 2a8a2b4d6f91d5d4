import { ArgusError } from '@argus/kernel';
import type { z } from 'zod';

export interface FieldProblem {
  /** Dotted path, e.g. `zones.0.points`; empty for the whole value. */
  readonly path: string;
  readonly message: string;
}

/** The environment does not fit; the process ends with it. */
export class SettingsError extends ArgusError {
  readonly code = 'settings.invalid';
}

export class PortTakenError extends ArgusError {
  readonly code = 'settings.port-taken';
  constructor(host: string, port: number) {
    super(`port ${port} on ${host} is taken by another program; choose another with ARGUS_PORT`, { host, port });
  }
}

/** Something sent does not fit; each bad field is named. */
export class InvalidRequestError extends ArgusError {
  readonly code = 'request.invalid';
  constructor(readonly errors: readonly FieldProblem[]) {
    super(errors.map((error) => (error.path ? `${error.path}: ${error.message}` : error.message)).slice(0, 5).join('; '));
  }

  static ofIssues(issues: readonly z.core.$ZodIssue[]): InvalidRequestError {
    return new InvalidRequestError(issues.slice(0, 50).map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message })));
  }

  static ofField(path: string, message: string): InvalidRequestError {
    return new InvalidRequestError([{ path, message }]);
  }
}

/** A stretch of bytes was asked for that does not lie in the film. */
export class ByteRangeError extends ArgusError {
  readonly code = 'request.byte-range';
  constructor(asked: string, byteLength: number) {
    super(`expected a range of bytes below ${byteLength}, got ${JSON.stringify(asked.slice(0, 100))}`, { byteLength });
  }
}

export class MediaTypeError extends ArgusError {
  readonly code = 'request.media-type';
  constructor(got: string | undefined) {
    super(`expected content-type application/json, got ${got ?? 'none'}`);
  }
}

/** A browser sent this with a session cookie from a page of another site. */
export class CrossOriginError extends ArgusError {
  readonly code = 'request.cross-origin';
  constructor() {
    super("this change came from another site's page; open Argus under its own address, or use an API key");
  }
}

export class NotFoundError extends ArgusError {
  readonly code: string;
  constructor(noun: string, id: string) {
    super(`there is no ${noun} ${id}, or it is outside of what you may see`);
    this.code = `${noun}.not-found`;
  }
}
