import { execFile } from 'node:child_process';

export interface Outcome {
  /** Exit status; null: it could not be started, or was killed (time-out, crash). */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end and gives back what it said; never throws. */
export function runQuietly(command: string, args: readonly string[], timeoutMs = 30_000): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, [...args], { timeout: timeoutMs, encoding: 'utf8', maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      const status = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
      resolve({ status, stdout: stdout.trim(), stderr: stderr.trim() || (error?.message ?? '') });
    });
  });
}
