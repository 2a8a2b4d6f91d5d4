import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const STREET = fileURLToPath(new URL('../../../demo/street.mp4', import.meta.url));

/** JPEGs of the shipped street, in order of time; `filter` of FFmpeg says which, and how large. */
export function streetPictures(count: number, filter: string, quality = 3): Buffer[] {
  const folder = mkdtempSync(join(tmpdir(), 'argus-street-'));
  try {
    execFileSync('ffmpeg', ['-v', 'error', '-i', STREET, '-vf', filter, '-frames:v', String(count), '-q:v', String(quality), join(folder, '%04d.jpg')]);
    return readdirSync(folder).sort().map((name) => readFileSync(join(folder, name)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
