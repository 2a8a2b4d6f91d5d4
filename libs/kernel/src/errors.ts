/**
 * Root of all errors that Argus throws on purpose. `code` is stable and documented in docs/errors; `context` is typed data for
 * machines and never holds secrets. Messages say what was expected and what came.
 */
export abstract class ArgusError extends Error {
  abstract readonly code: string;

  constructor(
    message: string,
    readonly context: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = new.target.name;
  }

  /** Where this error is explained. */
  get help(): string {
    return `docs/errors/README.md#${this.code}`;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
