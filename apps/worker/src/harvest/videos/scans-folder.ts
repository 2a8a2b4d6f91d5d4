import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Where passes through whole films keep what they have measured, until it is known where scenes begin. */
export const scansFolder = (samplesDir: string): string => join(samplesDir, 'scans');

/** Of runs that were stopped: a pass under way touches its file every few seconds. */
export async function removeOldScans(samplesDir: string, nowMs: number, graceMs: number): Promise<void> {
  const folder = scansFolder(samplesDir);
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (nowMs - (await stat(path).then(({ mtimeMs }) => mtimeMs, () => Infinity)) >= graceMs) await rm(path, { force: true });
  }
}
