import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FootageFileError } from '@argus/footage';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RecordingsFolder } from './recordings-folder.js';

/** Real: the file system. */
describe('RecordingsFolder', () => {
  let outside: string;
  let folder: RecordingsFolder;
  const secret = () => join(outside, 'secret.mp4');

  beforeEach(() => {
    outside = mkdtempSync(join(tmpdir(), 'argus-recordings-'));
    const root = join(outside, 'recordings');
    mkdirSync(join(root, 'cam/day'), { recursive: true });
    writeFileSync(join(root, 'cam/day/a.mp4'), 'footage');
    writeFileSync(secret(), 'no');
    symlinkSync(secret(), join(root, 'cam/day/link.mp4'));
    symlinkSync(outside, join(root, 'cam/away'));
    symlinkSync(join(root, 'cam/day'), join(root, 'cam/other-name'));
    folder = new RecordingsFolder(root);
  });
  afterEach(() => rmSync(outside, { recursive: true, force: true }));

  it.each(['cam/day/a.mp4', 'cam/other-name/a.mp4'])('opens %s', async (path) => {
    const file = await folder.open(path);
    expect(await file.readFile('utf8')).toBe('footage');
    await file.close();
  });

  it.each(['cam/day/link.mp4', 'cam/away/secret.mp4', '../secret.mp4', 'cam/../../secret.mp4', '/etc/passwd', '', 'cam//day', 'cam/day', 'cam/day/b.mp4', 'cam/day/a.mp4/x', 'a\0b'])('does not open %j', async (path) => {
    await expect(folder.open(path)).rejects.toBeInstanceOf(FootageFileError);
  });

  it.each(['cam/away/secret.mp4', '../secret.mp4', '/etc/passwd', ''])('does not remove %j', async (path) => {
    await expect(folder.remove(path)).rejects.toBeInstanceOf(FootageFileError);
    expect(existsSync(secret())).toBe(true);
  });

  it('removes a file, a link without what it names, and nothing twice', async () => {
    expect([await folder.remove('cam/day/a.mp4'), await folder.remove('cam/day/a.mp4'), await folder.remove('gone/day/a.mp4')]).toEqual([true, false, false]);
    expect(await folder.remove('cam/day/link.mp4')).toBe(true);
    expect(existsSync(secret())).toBe(true);
  });

  it('lists what is in it without following links', async () => {
    const found: string[] = [];
    for await (const { path, names } of folder.folders()) found.push(...names.map((name) => `${path}/${name}`));
    expect(found).toEqual(['cam/day/a.mp4']);
    expect([...(await folder.namesIn('cam/day'))]).toEqual(['a.mp4']);
    expect((await folder.namesIn('nowhere')).size).toBe(0);
  });
});
