import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SecretBox, openSecretBox } from './secret-box.js';

const box = new SecretBox(Buffer.alloc(32, 1));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-key-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('SecretBox', () => {
  it('opens what it sealed, and never seals the same twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, place) => {
        expect(box.open(box.seal(text, place), place)).toBe(text);
        expect(box.seal(text, place)).not.toBe(box.seal(text, place));
      }),
    );
  });

  it('opens nothing that was moved, changed, cut, or sealed with another key', () => {
    const sealed = box.seal('rtsp://u:p@h', 'cameras:1');
    const flipped = sealed.slice(0, -2) + (sealed.at(-2) === 'A' ? 'B' : 'A') + sealed.at(-1);
    for (const open of [() => box.open(sealed, 'cameras:2'), () => box.open(flipped, 'cameras:1'), () => box.open(sealed.slice(0, 20), 'cameras:1'), () => box.open('', 'cameras:1'), () => new SecretBox(Buffer.alloc(32, 2)).open(sealed, 'cameras:1')]) {
      expect(open).toThrow(expect.objectContaining({ code: 'database.sealed-text' }));
    }
  });
});

describe('openSecretBox', () => {
  it('makes the key once, for its owner only', async () => {
    const file = join(folder, 'secret.key');
    const sealed = (await openSecretBox(file)).seal('x', 'p');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const key = await readFile(file, 'utf8');
    expect((await openSecretBox(file)).open(sealed, 'p')).toBe('x');
    expect(await readFile(file, 'utf8')).toBe(key);
  });

  it('refuses a key that is none', async () => {
    const file = join(folder, 'damaged.key');
    await writeFile(file, 'abc');
    await expect(openSecretBox(file)).rejects.toMatchObject({ code: 'database.key-file' });
    await expect(openSecretBox(join(folder, 'nowhere', 'secret.key'))).rejects.toMatchObject({ code: 'database.key-file' });
  });
});
