import { ArgusError } from '@argus/kernel';

/** The binaries are missing, do not fit this machine, or cannot be placed where the server's user may run them. */
export class PostgresBinariesError extends ArgusError {
  readonly code = 'postgres.binaries';
}

/** The server did not start, or does not answer; the message holds the end of its log. */
export class PostgresStartError extends ArgusError {
  readonly code = 'postgres.start';
}
