import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

/** Real: the built entry, the shipped models, the demo clip. Accuracy and determinism are in test/golden. */
const ENTRY = fileURLToPath(new URL('../dist/analyze.js', import.meta.url));
const CLIP = fileURLToPath(new URL('../../../demo/street.mp4', import.meta.url));
const MODELS = fileURLToPath(new URL('../../../libs/models/packages', import.meta.url));
if (!existsSync(ENTRY)) console.warn('skipped: apps/inference is not built (tsc -b apps/inference)');

const analyze = (...args: string[]) => spawnSync(process.execPath, [ENTRY, ...args], { encoding: 'utf8', env: { PATH: process.env['PATH'], ARGUS_MODELS_DIRS: MODELS } });

describe.skipIf(!existsSync(ENTRY))('argus analyze', () => {
  it('writes raw detections as mot lines with id -1, every 200th picture from the first on', () => {
    const { status, stdout, stderr } = analyze(CLIP, '--stage', 'detect', '--format', 'mot', '--every', '200');
    expect([status, stderr]).toEqual([0, '']);
    const rows = stdout.trimEnd().split('\n').map((line) => line.split(',').map(Number));
    expect([...new Set(rows.map(([frame]) => frame))]).toEqual([1, 201, 401, 601]);
    expect(rows.every((row) => row.length === 10 && row[1] === -1 && (row[6] ?? 0) >= 0.05)).toBe(true);
  });

  it('looks at tiles when the pipeline asks for them, the same way twice, and finds no fewer people for it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'argus-analyze-'));
    const pipelineFile = async (tiling: unknown): Promise<string> => {
      const path = join(folder, tiling ? 'tiled.json' : 'plain.json');
      await writeFile(path, JSON.stringify({ detector: 'nanodet-g-416', tiling }));
      return path;
    };
    const options = [CLIP, '--stage', 'detect', '--format', 'mot', '--every', '100', '--pipeline'];
    const [plain, tiled] = [analyze(...options, await pipelineFile(null)), analyze(...options, await pipelineFile({ columns: 3, rows: 3 }))];
    expect([plain.status, tiled.status]).toEqual([0, 0]);
    expect(analyze(...options, join(folder, 'tiled.json')).stdout).toBe(tiled.stdout);
    const sure = (output: string): number => output.trimEnd().split('\n').filter((line) => Number(line.split(',')[6]) >= 0.5).length;
    expect(sure(plain.stdout)).toBeGreaterThan(20);
    expect(sure(tiled.stdout)).toBeGreaterThanOrEqual(sure(plain.stdout));
    expect(tiled.stdout).not.toBe(plain.stdout);
    await rm(folder, { recursive: true });
  });

  it.each<[string, string[], number, RegExp]>([
    ['a wrong option', [CLIP, '--stage', 'guess'], 2, /--stage: expected detect, track, classify/],
    ['a file that is not there', ['/no/such.mp4'], 1, /\/no\/such\.mp4/],
    ['a file that is no video', [ENTRY], 1, /analyze\.js/],
    ['an unknown detector', [CLIP, '--detector', 'no-such'], 2, /no model package "no-such"; known: .*nanodet-g-416/],
    ['a pipeline that is no JSON', [CLIP, '--pipeline', ENTRY], 2, /--pipeline/],
  ])('says what is wrong with %s', (_what, args, status, message) => {
    const result = analyze(...args);
    expect(result.status).toBe(status);
    expect(result.stderr).toMatch(message);
    expect(result.stdout).toBe('');
  });
});
