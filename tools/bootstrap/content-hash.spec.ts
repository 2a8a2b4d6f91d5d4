import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesBelow, fingerprintOutputs, hashFiles, readStamp, writeStamp } from './content-hash.mjs';

describe('content hash', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'argus-hash-试 '));
    mkdirSync(join(root, 'src/deep'), { recursive: true });
    mkdirSync(join(root, 'dist'));
    writeFileSync(join(root, 'src/a.ts'), 'a');
    writeFileSync(join(root, 'src/deep/b.ts'), 'b');
    writeFileSync(join(root, 'dist/a.js'), 'built');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const hash = () => hashFiles(root, filesBelow(root));

  it('walks sources, not outputs, and takes an absent folder as empty', () => {
    expect(filesBelow(root)).toEqual([join(root, 'src/a.ts'), join(root, 'src/deep/b.ts')]);
    expect(filesBelow(join(root, 'nowhere'))).toEqual([]);
  });

  it('follows contents and names, not times', () => {
    const before = hash();
    utimesSync(join(root, 'src/a.ts'), 1, 1);
    expect(hash()).toBe(before);
    writeFileSync(join(root, 'src/a.ts'), 'A');
    expect(hash()).not.toBe(before);
  });

  it('sees a file that came and one that went', () => {
    const before = hash();
    writeFileSync(join(root, 'src/c.ts'), '');
    const after = hash();
    expect(after).not.toBe(before);
    rmSync(join(root, 'src/c.ts'));
    expect(hash()).toBe(before);
    expect(hashFiles(root, [join(root, 'gone')])).not.toBe(hashFiles(root, []));
  });

  it('has no fingerprint while an output is missing', () => {
    expect(fingerprintOutputs([join(root, 'dist/a.js')])).toMatch(/^5:/);
    expect(fingerprintOutputs([join(root, 'dist/a.js'), join(root, 'dist/b.js')])).toBeNull();
  });

  it('takes a damaged stamp as none', () => {
    const path = join(root, '.bootstrap/x.json');
    expect(readStamp(path)).toBeNull();
    writeStamp(path, { hash: '1' });
    expect(readStamp(path)).toEqual({ hash: '1' });
    writeFileSync(path, '{"hash":');
    expect(readStamp(path)).toBeNull();
  });
});
