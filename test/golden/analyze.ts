import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Real footage and labels that are not part of the product; tests that need them skip where they are absent. */
export const SHARED = resolve(ROOT, '../shared');

const run = promisify(execFile);

/** Runs the built `argus analyze` as a user would and gives back what it wrote. */
export async function analyze(file: string, ...options: string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'argus-analyze-'));
  try {
    const out = join(folder, 'out');
    await run(process.execPath, [join(ROOT, 'apps/cli/bin/argus.mjs'), 'analyze', file, ...options, '--out', out], { maxBuffer: 1 << 26 });
    return await readFile(out, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface MotScore {
  readonly ap50: number;
  readonly f1: number;
  readonly mota: number;
  readonly idf1: number;
}

/** Scores MOT lines against the PETS labels of frames 1-400 with the independent scorer in the shared folder. */
export async function scoreMot(result: string, python = '/usr/bin/python3'): Promise<MotScore> {
  const { stdout } = await run(python, [join(SHARED, 'tools/mot.py'), join(SHARED, 'data/datasets/pets09-s2l1/gt-1-400.txt'), result, '1', '400']);
  return JSON.parse(stdout) as MotScore;
}
