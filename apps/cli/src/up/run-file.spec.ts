import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureCliToken, findCliToken } from './cli-token.js';
import { prepareDataFolder, prepareEngineSocket } from './data-folder.js';
import { readRunFile, runFilePath, withLiveness, writeRunFile } from './run-file.js';

const since = '2026-01-01T00:00:00.000Z';
const up = (name: string, pid: number) => ({ name, pid, state: 'up' as const, since, restarts: 0 });

describe('files of the data directory', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'argus-data-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('run.json comes back as it was written; none, half and foreign ones are no run', async () => {
    expect(await readRunFile(folder)).toBeNull();
    const run = { version: 1 as const, url: 'http://127.0.0.1:7300', processes: [up('gateway', 1)] };
    await writeRunFile(folder, run);
    expect(await readRunFile(folder)).toEqual(run);
    for (const text of ['{"version":1', '{"version":9}', '[]']) {
      await writeFile(runFilePath(folder), text);
      expect(await readRunFile(folder)).toBeNull();
    }
  });

  it('a process that is gone is down whatever run.json says', () => {
    const run = withLiveness({ version: 1, url: null, processes: [up('gateway', 1), up('inference', 2)] }, (pid) => pid === 1);
    expect(run.processes).toMatchObject([{ pid: 1, state: 'up' }, { pid: null, state: 'down' }]);
  });

  it('the key of the command line is made once, for its owner only', async () => {
    expect(await findCliToken(folder)).toBeNull();
    await ensureCliToken(folder);
    const token = await findCliToken(folder);
    expect(token).toMatch(/^argus_cli_[\w-]{43}$/);
    await ensureCliToken(folder);
    expect(await findCliToken(folder)).toBe(token);
    expect((await stat(join(folder, 'cli-token'))).mode & 0o777).toBe(0o600);
  });

  it('the data directory is closed to others; one that is a file is refused with the way out', async () => {
    const data = join(folder, 'data');
    await prepareDataFolder(data);
    expect((await stat(data)).mode & 0o777).toBe(0o700);
    await writeFile(join(folder, 'file'), '');
    await expect(prepareDataFolder(join(folder, 'file'))).rejects.toThrow(/choose one with --data or ARGUS_DATA/);
  });

  it('the engine socket moves out of a path that is too long for one', async () => {
    expect((await prepareEngineSocket(folder)).path).toBe(join(folder, 'run/engine.sock'));
    const moved = await prepareEngineSocket(join(folder, '试 用'.repeat(20)));
    expect(Buffer.byteLength(moved.path)).toBeLessThan(100);
    expect((await stat(join(moved.path, '..'))).mode & 0o777).toBe(0o700);
    await moved.remove();
    await expect(stat(join(moved.path, '..'))).rejects.toThrow('ENOENT');
  });
});
