import { symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeZip, type ZipEntry } from '../../test/make-zip.js';
import { allFiles, temporaryFolder, tinyPackage, writeFolder, type TinyPackage } from '../../test/tiny-package.js';
import { ModelPackageError } from '../errors.js';
import { writeNpy } from '../tensor/npy.js';
import { readModelPackage, sha256 } from './read-model-package.js';

async function refusal(path: string, limits?: Parameters<typeof readModelPackage>[1]): Promise<Record<string, unknown>> {
  const error = await readModelPackage(path, limits).then(() => null, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ModelPackageError);
  return (error as ModelPackageError).context as Record<string, unknown>;
}

function put(pkg: TinyPackage, name: string, bytes: Uint8Array): void {
  pkg.files.set(name, bytes);
  (pkg.manifest['files'] as Record<string, string>)[name] = sha256(bytes);
}

const firstGolden = (pkg: TinyPackage) => (pkg.manifest['golden'] as { input: string; outputs: string[] }[])[0] as { input: string; outputs: string[] };

const BROKEN: [string, (pkg: TinyPackage) => void, { at: string; expected?: RegExp; got?: RegExp }][] = [
  ['a changed byte', (pkg) => pkg.files.set('LICENSE', Buffer.from('free for alL\n')), { at: 'LICENSE', expected: /^sha256 [0-9a-f]{64}$/, got: /^[0-9a-f]{64}$/ }],
  ['a missing file', (pkg) => pkg.files.delete('LICENSE'), { at: 'LICENSE', expected: /a file named in the manifest/, got: /no such file/ }],
  ['an extra file', (pkg) => pkg.files.set('run-me.sh', Buffer.from('')), { at: 'run-me.sh', got: /an extra file/ }],
  ['a model without digest', (pkg) => delete (pkg.manifest['files'] as Record<string, string>)['model.onnx'], { at: 'manifest.json files', expected: /sha256 of model\.onnx/ }],
  ['too few labels', (pkg) => (pkg.manifest['labels'] = ['red', 'green']), { at: 'manifest.json outputs 0 (means)', expected: /Nx2/, got: /1x3/ }],
  ['no labels', (pkg) => (pkg.manifest['labels'] = []), { at: 'manifest.json labels' }],
  ['a bad version', (pkg) => (pkg.manifest['version'] = 'latest'), { at: 'manifest.json version', expected: /1\.0\.0/, got: /"latest"/ }],
  ['another format version', (pkg) => (pkg.manifest['formatVersion'] = 2), { at: 'manifest.json formatVersion', got: /2/ }],
  ['a path that leaves the package', (pkg) => (pkg.manifest['model'] = '../model.onnx'), { at: 'manifest.json model', expected: /without "\.\."/, got: /\.\.\/model\.onnx/ }],
  ['an absolute path', (pkg) => (pkg.manifest['model'] = '/etc/passwd'), { at: 'manifest.json model' }],
  ['a zero in std', (pkg) => ((pkg.manifest['input'] as Record<string, unknown>)['std'] = [1, 0, 1]), { at: 'manifest.json input std 1', got: /0/ }],
  ['a task of another family', (pkg) => (pkg.manifest['task'] = 'detect'), { at: 'manifest.json task', expected: /classify/ }],
  ['golden input of another size', (pkg) => put(pkg, 'golden/a.npy', writeNpy({ data: new Uint8Array(48), dims: [1, 4, 4, 3] })), { at: 'golden/a.npy', expected: /Nx8x8x3/, got: /1x4x4x3/ }],
  ['golden input that is no array', (pkg) => put(pkg, 'golden/a.npy', Buffer.from('hello')), { at: 'golden/a.npy', got: /npy/ }],
  ['golden outputs of another number', (pkg) => firstGolden(pkg).outputs.push('golden/a.means.npy'), { at: 'golden/a.npy', expected: /1 golden outputs/, got: /2/ }],
];

describe('readModelPackage', () => {
  it('reads a folder', async () => {
    await using folder = await temporaryFolder();
    await writeFolder(folder.path, allFiles(tinyPackage()));
    const pkg = await readModelPackage(folder.path);
    expect(pkg.manifest).toMatchObject({ id: 'tiny', thresholds: { score: 0.5, nms: 0.6 } });
    expect(pkg.golden[0]?.outputs[0]?.data).toEqual(Float32Array.of(2, 1, 0.5));
    expect(pkg.digest).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(BROKEN)('refuses %s, and says where', async (_what, spoil, problem) => {
    await using folder = await temporaryFolder();
    const pkg = tinyPackage();
    spoil(pkg);
    await writeFolder(folder.path, allFiles(pkg));
    const context = await refusal(folder.path);
    expect(context['at']).toBe(problem.at);
    expect(context['expected']).toMatch(problem.expected ?? /./);
    expect(context['got']).toMatch(problem.got ?? /./);
  });

  it('refuses links, folders without manifest, other files and nothing at all', async () => {
    await using folder = await temporaryFolder();
    expect(await refusal(folder.path)).toMatchObject({ at: 'manifest.json' });
    expect(await refusal(join(folder.path, 'gone'))).toMatchObject({ at: 'path' });
    await writeFile(join(folder.path, 'a.txt'), '');
    expect(await refusal(join(folder.path, 'a.txt'))).toMatchObject({ at: 'path', expected: 'a folder or a .zip file' });
    await symlink('/etc/passwd', join(folder.path, 'b'));
    expect(await refusal(folder.path)).toMatchObject({ at: 'b', got: 'a symbolic link' });
  });

  it('names what is wrong with JSON that is none', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'manifest.json'), '{');
    expect(await refusal(folder.path)).toMatchObject({ at: 'manifest.json', expected: 'JSON in UTF-8' });
  });

  it('keeps to its limits in a folder', async () => {
    await using folder = await temporaryFolder();
    await writeFolder(folder.path, allFiles(tinyPackage()));
    expect(await refusal(folder.path, { files: 3, totalBytes: 1e9, manifestBytes: 1e6 })).toMatchObject({ expected: 'at most 3 files' });
    expect(await refusal(folder.path, { files: 9, totalBytes: 600, manifestBytes: 1e6 })).toMatchObject({ expected: expect.stringMatching(/^at most \d+ bytes$/) });
  });
});

describe('readModelPackage of a zip', () => {
  const entries = () => [...allFiles(tinyPackage())].map(([name, bytes]) => ({ name, bytes }));

  async function zipRefusal(list: readonly ZipEntry[], limits?: Parameters<typeof readModelPackage>[1]) {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'package.zip');
    await writeFile(path, makeZip(list));
    return refusal(path, limits);
  }

  it('reads it, with or without a folder around the files', async () => {
    await using folder = await temporaryFolder();
    for (const prefix of ['', 'tiny/']) {
      const path = join(folder.path, 'package.zip');
      await writeFile(path, makeZip(entries().map(({ name, bytes }) => ({ name: prefix + name, bytes }))));
      expect((await readModelPackage(path)).manifest.id).toBe('tiny');
    }
  });

  it.each<[string, () => ZipEntry[], Record<string, unknown>]>([
    ['a path that leaves it', () => [...entries(), { name: '../evil', bytes: Buffer.from('x') }], { at: 'zip', got: expect.stringContaining('../evil') }],
    ['an absolute path', () => [...entries(), { name: '/evil', bytes: Buffer.from('x') }], { at: 'zip', got: expect.stringContaining('/evil') }],
    ['a name given twice', () => [...entries(), { name: 'LICENSE', bytes: Buffer.from('x') }], { at: 'LICENSE', got: 'it twice' }],
    ['a link', () => [...entries(), { name: 'link', bytes: Buffer.from('/etc/passwd'), unixMode: 0o120777 }], { at: 'link', got: 'a symbolic link' }],
    ['a lie about a size', () => [...entries(), { name: 'big', bytes: new Uint8Array(100_000), statedSize: 10 }], { at: 'zip', expected: 'a readable zip archive' }],
    ['an extra file', () => [...entries(), { name: 'extra', bytes: Buffer.from('x') }], { at: 'extra' }],
  ])('refuses %s', async (_what, list, problem) => {
    expect(await zipRefusal(list())).toMatchObject(problem);
  });

  it('refuses a bomb by what it states, unread', async () => {
    const limits = { files: 20, totalBytes: 10_000, manifestBytes: 5_000 };
    expect(await zipRefusal([...entries(), { name: 'bomb', bytes: new Uint8Array(1_000_000) }], limits)).toMatchObject({ at: 'bomb', got: '1000000 bytes' });
    const many = Array.from({ length: 9 }, (_, index) => ({ name: `part${index}`, bytes: new Uint8Array(2_000) }));
    expect(await zipRefusal([...entries(), ...many], limits)).toMatchObject({ expected: 'at most 10000 bytes unpacked in all' });
    expect(await zipRefusal(Array.from({ length: 60 }, (_, index) => ({ name: `n${index}`, bytes: Buffer.from('') })), limits)).toMatchObject({ got: '60 entries' });
    expect(await zipRefusal([{ name: 'manifest.json', bytes: new Uint8Array(6_000) }], limits)).toMatchObject({ at: 'manifest.json', expected: 'at most 5000 bytes' });
  });

  it('refuses what is no zip', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'package.zip');
    await writeFile(path, 'not a zip at all, and long enough to hold an end record of twenty-two bytes');
    expect(await refusal(path)).toMatchObject({ at: 'zip', expected: 'a readable zip archive' });
  });
});
