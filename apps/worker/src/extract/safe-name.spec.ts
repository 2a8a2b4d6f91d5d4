import fc from 'fast-check';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SettingsError } from '../errors.js';
import { readOptions } from './options.js';
import { safeName } from './safe-name.js';

describe('safeName', () => {
  it.each([
    ['北门 摄像机 1', '北门 摄像机 1'],
    ['..', '_'],
    ['../../etc/passwd', '__.._etc_passwd'],
    ['.hidden', '_hidden'],
    ['a\nb\x1b[31m', 'a_b_[31m'],
    ['e\u0301t\u00e9', '\u00e9t\u00e9'],
    ['CON', '_CON'],
    ['what? "no": <a|b>*', 'what_ _no__ _a_b__'],
    ['', '_'],
    ['ends with dots...', 'ends with dots_'],
  ])('%j becomes %j', (name, safe) => expect(safeName(name)).toBe(safe));

  it('is one name in the same folder, whatever it is made of, and the same for the same', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 400 })), (name) => {
        const safe = safeName(name);
        expect(resolve(join('/out', safe))).toBe(`/out/${safe}`);
        expect(basename(safe)).toBe(safe);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(160);
        expect(safe.startsWith('.')).toBe(false);
        expect(safeName(name)).toBe(safe);
      }),
    );
  });

  it('tells long names apart', () => expect(safeName(`${'长'.repeat(200)}1`)).not.toBe(safeName(`${'长'.repeat(200)}2`)));
});

describe('readOptions', () => {
  const read = (words: string) => readOptions(words.split(' '), '/here');
  it('reads a whole command', () => {
    expect(read('a.mp4 /b --every 200 --fit 640x480 --quality 80 --group prefix --jobs 3 --out pictures --json')).toEqual({
      paths: ['/here/a.mp4', '/b'], recipe: { choice: { kind: 'frames', every: 200 }, fit: { width: 640, height: 480 }, quality: 80 }, grouping: 'prefix', jobs: 3, hardware: false, out: '/here/pictures', json: true,
    });
    expect(read('a --keyframes --seconds 2 --out b')?.recipe.choice).toEqual({ kind: 'keyframes', every: 2 });
  });
  it.each([
    ['--every 1 --out b', 'at least one PATH'],
    ['a --every 1', '--out DIR'],
    ['a --out b', '--every N, --seconds T and --keyframes'],
    ['a --every 2 --keyframes --out b', '--every N, --seconds T and --keyframes'],
    ['a --every 0 --out b', '--every: expected a whole number from 1'],
    ['a --every 1 --fit 5 --out b', '--fit: expected WIDTHxHEIGHT'],
    ['a --every 1 --quality 101 --out b', '--quality: expected'],
    ['a --every 1 --group camera --out b', '--group: expected folder or prefix, got "camera"'],
    ['a --ever 1 --out b', "Unknown option '--ever'"],
  ])('refuses "%s"', (words, message) => expect(() => read(words)).toThrow(expect.objectContaining({ constructor: SettingsError, message: expect.stringContaining(message) })));
});
