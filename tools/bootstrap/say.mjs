const startedAt = Date.now();

/** Seconds since the command began, for progress lines. */
export const elapsedSeconds = () => (Date.now() - startedAt) / 1000;

/** One progress line. Everything that takes longer than a blink is announced before it starts. */
export function say(text) {
  process.stdout.write(`[${elapsedSeconds().toFixed(1).padStart(6)} s] ${text}\n`);
}

/** A failure that needs no stack trace: what was expected, what came, how to fix it. */
export class BootstrapError extends Error {
  constructor(message) {
    super(message);
    this.name = 'BootstrapError';
  }
}

/** Ends the process with the message of a known failure, or with the stack of an unknown one. */
export function fail(error) {
  process.stderr.write(`\n${error instanceof BootstrapError ? error.message : (error?.stack ?? String(error))}\n`);
  process.exit(1);
}
