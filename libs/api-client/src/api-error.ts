import { Problem } from '@argus/contracts';

/** Codes that the client itself gives; every other code is the gateway's own, taken from its problem document. */
export const CLIENT_ERROR_CODES = ['api.unreachable', 'api.unexpected-answer'] as const;

/**
 * A call that did not succeed. `status` is the HTTP status, 0 when no answer came at all. `fields` names each bad field
 * of the request with what was expected there.
 */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly fields: readonly { readonly path: string; readonly message: string }[];

  constructor(problem: Problem, options?: { cause?: unknown }) {
    super(problem.detail, options);
    this.name = 'ApiError';
    this.code = problem.code;
    this.status = problem.status;
    this.title = problem.title;
    this.fields = problem.errors ?? [];
  }
}

/** No answer: wrong address, gateway down, network lost. */
export function unreachable(url: string, cause: unknown): ApiError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const detail = `expected an answer from ${new URL(url, 'http://localhost').host}, got none (${why}); check that Argus runs and that the address is right`;
  return new ApiError({ type: 'about:blank', title: 'No answer', status: 0, code: 'api.unreachable', detail }, { cause });
}

/** An answer that the contract does not know: another program on the port, or another version. */
export function unexpectedAnswer(status: number, what: string): ApiError {
  const detail = `expected ${what}, got something else with status ${status}; the address may belong to another program or another version of Argus`;
  return new ApiError({ type: 'about:blank', title: 'Unexpected answer', status, code: 'api.unexpected-answer', detail });
}

/** Reads the problem document of a failed answer; an answer without one still becomes an error with its status. */
export async function errorOf(response: Response): Promise<ApiError> {
  const text = await response.text();
  const problem = Problem.safeParse(parseJson(text));
  return problem.success ? new ApiError(problem.data) : unexpectedAnswer(response.status, 'a problem document');
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
