import { execFile, execFileSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Dataset, DatasetVersion } from '@argus/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runGateway, type RunningGateway } from '../../test/running-gateway.js';
import { endWorker, startWorker, whyNoWorker } from '../../test/running-worker.js';

/** Real: the built command line and worker as processes, PostgreSQL, HTTP, Python's zipfile. */
const CLI = fileURLToPath(new URL('../../../cli/dist/main.js', import.meta.url));
const STREET = fileURLToPath(new URL('../../../../demo/street.mp4', import.meta.url));
const problem = whyNoWorker() ?? (existsSync(CLI) ? null : 'apps/cli is not built; run tsc -b');
if (problem) console.warn(`skipped: ${problem}`);

let gateway: RunningGateway;
let worker: ChildProcess;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'argus-command-line-'));
  gateway = await runGateway();
  if (!problem) worker = await startWorker(gateway, { ARGUS_HARVEST_SLOTS: '0' });
}, 60_000);
afterAll(async () => {
  if (worker) await endWorker(worker, 'SIGTERM');
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function argus(...words: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const env = { PATH: process.env['PATH'], ARGUS_URL: gateway.url, ARGUS_API_KEY: gateway.owner.key as string };
  const ran = promisify(execFile)(process.execPath, [CLI, 'dataset', ...words], { env, cwd: folder });
  return ran.then(({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }), (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, out: error.stdout, err: error.stderr }));
}

describe.skipIf(problem)('argus dataset', () => {
  it('takes an archive in, seals the set, and brings one file back', async () => {
    // More than one piece of an upload: PNG, and larger than eight megabytes.
    execFileSync('ffmpeg', ['-v', 'error', '-i', STREET, '-vf', 'fps=1,scale=1920:1080,noise=alls=40', '-frames:v', '4', join(folder, 'p%d.png')]);
    const names = readdirSync(folder).filter((name) => name.endsWith('.png')).sort();
    const coco = { images: names.map((file_name, id) => ({ id, file_name, width: 1920, height: 1080 })), categories: [{ id: 1, name: '行人' }], annotations: names.map((_name, id) => ({ id, image_id: id, category_id: 1, bbox: [10.5 + id, 20, 30, 40], area: 1200, iscrowd: 0 })) };
    writeFileSync(join(folder, 'labels.json'), JSON.stringify(coco));
    execFileSync('python3', ['-c', `import sys, zipfile\nz = zipfile.ZipFile('in.zip', 'w')\nz.write('labels.json', 'annotations/x.json')\nfor n in sys.argv[1:]: z.write(n, 'images/' + n)\nz.close()`, ...names], { cwd: folder });
    expect(readFileSync(join(folder, 'in.zip')).byteLength).toBeGreaterThan(9_000_000);
    const set = (await gateway.owner.call('createDataset', { body: { name: '东门' } })).body as Dataset;

    const taken = await argus('import', '东门', 'in.zip', '--follow');
    expect(taken).toMatchObject({ code: 0, out: expect.stringMatching(/format: coco\nadded: 4\nknown: 0\nannotations: 4\n/), err: expect.stringContaining('100 % of') });
    expect(await argus('version', '东门', '-m', '第一', '--follow')).toMatchObject({ code: 0, out: expect.stringMatching(/digest: [0-9a-f]{64}\nisNew: true\n/) });
    const [version] = (await gateway.owner.call('listDatasetVersions', { params: { id: set.id } })).body as DatasetVersion[];
    expect(version).toMatchObject({ message: '第一', counts: { samples: 4, annotations: 4 } });
    expect(await argus('export', '东门', '--format', 'coco', '--public')).toMatchObject({ code: 1, err: expect.stringContaining('has no licence') });
    expect(await argus('export', '东门', '--format', 'coco', '--out', 'out.zip')).toMatchObject({ code: 0, out: expect.stringContaining('samples: 4') });
    const boxes = execFileSync('python3', ['-c', `import json, zipfile\nz = zipfile.ZipFile('out.zip')\nassert z.testzip() is None\nprint(json.dumps(sorted(a['bbox'] for a in json.loads(z.read('annotations/instances_default.json'))['annotations'])))`], { cwd: folder, encoding: 'utf8' });
    expect(JSON.parse(boxes)).toEqual([10.5, 11.5, 12.5, 13.5].map((x) => [x, 20, 30, 40]));
    expect(readdirSync(folder).filter((name) => /part|download/.test(name))).toEqual([]);
  }, 90_000);
});
