import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type ProcessStatus, RunFile } from '@argus/contracts';

export const runFilePath = (dataFolder: string): string => join(dataFolder, 'run.json');

/** The last run's description, or null when there is none or it is not readable as one. */
export async function readRunFile(dataFolder: string): Promise<RunFile | null> {
  try {
    const parsed = RunFile.safeParse(JSON.parse(await readFile(runFilePath(dataFolder), 'utf8')));
    return parsed.success ? parsed.data : null;
  } catch (error) {
    if (error instanceof SyntaxError || isMissing(error)) return null;
    throw error;
  }
}

/** Replaces the file in one step: a reader sees the old one or the new one, never half. */
export async function writeRunFile(dataFolder: string, run: RunFile): Promise<void> {
  const temporary = `${runFilePath(dataFolder)}.new`;
  await writeFile(temporary, `${JSON.stringify(run, null, 2)}\n`, { mode: 0o600 });
  await rename(temporary, runFilePath(dataFolder));
}

/** What is true now: a process that is gone without saying so (kill -9 of the supervisor) is down, whatever the file says. */
export function withLiveness(run: RunFile, isAlive: (pid: number) => boolean): RunFile {
  const processes = run.processes.map((entry): ProcessStatus => (entry.pid !== null && !isAlive(entry.pid) ? { ...entry, pid: null, state: 'down' } : entry));
  return { ...run, processes };
}

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';
