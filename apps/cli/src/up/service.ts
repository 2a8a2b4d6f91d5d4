/** One start of a service. */
export interface RunningService {
  readonly pid: number | null;
  /** What it said when it was ready, e.g. `url`. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Fulfilled with the reason, in words, when it is gone; never rejected. */
  readonly ended: Promise<string>;
  /** Ends it in order, after the deadline by force. Fulfilled when it is gone. */
  stop(deadlineMs: number): Promise<void>;
}

/** Something the supervisor starts, watches, starts again and stops: a child process of ours, or Postgres. */
export interface Service {
  readonly name: string;
  /**
   * Fulfilled when it is ready to serve.
   * @param onPid called as soon as the process exists, before it is ready
   * @throws ServiceFailedError when it ends before that; the signal's reason when it is given up
   */
  launch(signal: AbortSignal, onPid: (pid: number) => void): Promise<RunningService>;
}
