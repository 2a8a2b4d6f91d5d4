import { HttpException } from '@nestjs/common';
import type { Problem } from '@argus/contracts';
import { ArgusError, redactCredentials } from '@argus/kernel';
import { InvalidRequestError } from './errors.js';
import { statusOfCode } from './problem-status.js';

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request does not fit',
  401: 'Sign-in needed',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'In conflict with what is there',
  410: 'No longer there',
  413: 'Too large',
  415: 'Unsupported media type',
  416: 'No such range of bytes',
  429: 'Too many attempts',
  500: 'Something went wrong in Argus',
  503: 'Not available now',
  504: 'No answer in time',
};

/** SQLSTATE classes of a server that is away or going away, and node's own words for it. */
const DATABASE_AWAY = /^(08|53|57P0)|^E(CONNREFUSED|CONNRESET|PIPE|NOTFOUND)$/;
/** pg's errors of a broken connection that carry no code. */
const CONNECTION_LOST = /^Connection terminated|^timeout exceeded when trying to connect|^Client has encountered a connection error/;
/** SQLSTATE class 22: a value that the database cannot read, e.g. a made-up cursor. */
const UNREADABLE = /^22[0-9A-Z]{3}$/;
/** SQLSTATE of rows that somebody else made, removed or held at the same moment: it would have been refused in other words a moment later. */
const AT_ONCE = new Set(['23503', '23505', '40001', '40P01']);
/** Body parser's errors carry a `type`; these are about the request, not about us. */
const MALFORMED = new Set(['entity.parse.failed', 'encoding.unsupported', 'charset.unsupported', 'request.aborted', 'request.size.invalid', 'parameters.too.many']);

/** Anything thrown as problem+json. What is not meant for the caller is told as `internal` without its message. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ArgusError) {
    const status = statusOfCode(thrown.code);
    if (status === 500) return internal();
    const problem = makeProblem(status, thrown.code, redactCredentials(thrown.message));
    return thrown instanceof InvalidRequestError ? { ...problem, errors: [...thrown.errors] } : problem;
  }
  return thrown instanceof HttpException ? ofNest(thrown) : ofForeign(thrown);
}

/** Errors of the body parser and of the database driver, told apart by their fields. */
function ofForeign(thrown: unknown): Problem {
  const { type, code, status, message } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Readonly<Record<string, unknown>>;
  if (type === 'entity.too.large') return makeProblem(413, 'request.too-large', 'expected at most 1 MB');
  if (MALFORMED.has(String(type))) return makeProblem(400, 'request.malformed', 'the body is not JSON that can be read');
  if (thrown instanceof URIError || (status === 400 && type === undefined)) return makeProblem(400, 'request.malformed', 'the address cannot be read');
  if (DATABASE_AWAY.test(String(code)) || CONNECTION_LOST.test(String(message))) return makeProblem(503, 'database.unavailable', 'the database does not answer; try again in a few seconds');
  if (AT_ONCE.has(String(code))) return makeProblem(409, 'request.conflict', 'somebody changed the same at the same moment; look at what is there now, and try again');
  if (UNREADABLE.test(String(code))) return makeProblem(400, 'request.malformed', 'a value that was sent cannot be read');
  return internal();
}

/** What Nest refuses by itself, mostly while it reads a body. */
const CODES: Readonly<Record<number, string>> = { 413: 'request.too-large', 415: 'request.media-type' };

function ofNest(error: HttpException): Problem {
  const status = error.getStatus();
  if (status === 404) return makeProblem(404, 'route.not-found', error.message);
  if (status >= 500) return internal();
  return makeProblem(status, CODES[status] ?? 'request.malformed', error.message);
}

const internal = (): Problem => makeProblem(500, 'internal', 'the cause is in the log of the gateway');

function makeProblem(status: number, code: string, detail: string): Problem {
  return { type: `urn:argus:problem:${code}`, title: TITLES[status] ?? 'The request failed', status, code, detail };
}
