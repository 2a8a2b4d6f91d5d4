import { execFileSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { type Header, pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DatasetFileError, HostileArchiveError } from '../errors.js';
import type { FileTree } from '../file-tree.js';
import { FolderSink } from './folder-sink.js';
import { FolderTree } from './folder-tree.js';
import { openFileTree } from './open-file-tree.js';
import { readWhole } from './read-whole.js';
import { TarTree } from './tar-tree.js';
import { ZipSink } from './zip-sink.js';
import { ZipTree } from './zip-tree.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-archives-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const text = (content: string) => Buffer.from(content);
const listed = async (tree: FileTree) => {
  const paths: string[] = [];
  for await (const { path, bytes } of tree.files()) paths.push(`${path} ${bytes}`);
  return paths;
};

async function zipOf(files: Readonly<Record<string, Buffer>>): Promise<string> {
  const file = join(folder, 'set.zip');
  const sink = await ZipSink.open(file);
  for (const [path, content] of Object.entries(files)) await sink.write(path, content);
  await sink.close();
  return file;
}

/** Changes bytes of a zip as nobody who writes one would. */
async function forged(file: string, change: (bytes: Buffer) => void): Promise<string> {
  const bytes = await readFile(file);
  change(bytes);
  await writeFile(file, bytes);
  return file;
}

/** Every place where a name stands: in the local header and in the directory. */
function rename(bytes: Buffer, from: string, to: string): void {
  expect(Buffer.byteLength(to)).toBe(Buffer.byteLength(from));
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) bytes.write(to, at);
}

/** The entry of the directory with this name. */
const directoryEntry = (bytes: Buffer, name: string) => bytes.lastIndexOf(name) - 46;

async function tarOf(entries: readonly (Partial<Header> & { name: string; content?: string })[], name = 'set.tar'): Promise<string> {
  const file = join(folder, name);
  const tar = pack();
  for (const { content = '', ...header } of entries) tar.entry(header, content);
  tar.finalize();
  await pipeline(tar, createWriteStream(file));
  return file;
}

describe('a zip', () => {
  it('gives its files by their names, however their accents are spelled', async () => {
    const file = await zipOf({ 'images/图片 1.jpg': text('picture'), 'cafe\u0301/a.txt': text('label'), '空.txt': text('') });
    const tree = await openFileTree(file);
    expect(await listed(tree)).toEqual(['images/图片 1.jpg 7', 'cafe\u0301/a.txt 5', '空.txt 0']);
    expect(text('label')).toEqual(await tree.read('café/a.txt'));
    expect(await tree.has('nothing')).toBe(false);
    await expect(tree.read('nothing')).rejects.toThrow(DatasetFileError);
    await expect(tree.read('images/图片 1.jpg', 3)).rejects.toThrow('images/图片 1.jpg: at most 3 bytes');
    await tree.close();
  });

  it.each([
    ['..x/a.txt', '../xa.txt', 'has a part that is'],
    ['xabs/a.txt', '/abs/a.txt', 'is an absolute path'],
    ['x/back_a.txt', 'x/back\\a.txt', 'has a backslash'],
    ['Cx/x/aa.txt', 'C:/x/aa.txt', 'names a drive'],
    ['x/nul_a.txt', 'x/nul\u0000a.txt', 'has a control character'],
  ])('with the entry %j written as %j is refused', async (honest, hostile, why) => {
    const file = await forged(await zipOf({ 'first.txt': text('1'), [honest]: text('2') }), (bytes) => rename(bytes, honest, hostile));
    const failure = await ZipTree.open(file).catch((thrown) => thrown);
    expect(failure).toBeInstanceOf(HostileArchiveError);
    expect(failure.message).toContain(JSON.stringify(hostile));
    expect(failure.message).toContain(why);
  });

  it.each([
    ['a link', 0o120777],
    ['a device', 0o020666],
  ])('with %s is refused', async (what, mode) => {
    const file = await forged(await zipOf({ 'evil.txt': text('/etc/passwd') }), (bytes) => bytes.writeUInt32LE((mode << 16) >>> 0, directoryEntry(bytes, 'evil.txt') + 38));
    await expect(ZipTree.open(file)).rejects.toThrow(`"evil.txt" is ${what}`);
  });

  it('with a name twice is refused, in another spelling too', async () => {
    const twice = await forged(await zipOf({ 'a.txt': text('1'), 'b.txt': text('2') }), (bytes) => rename(bytes, 'b.txt', 'a.txt'));
    await expect(ZipTree.open(twice)).rejects.toThrow('"a.txt" is there twice');
  });

  it('with a wrong checksum is refused at that entry', async () => {
    const file = await forged(await zipOf({ 'good.jpg': text('good'), 'bad.jpg': text('picture') }), (bytes) => bytes.write('pictuRe', bytes.indexOf('picture')));
    const tree = await ZipTree.open(file);
    expect(text('good')).toEqual(await tree.read('good.jpg'));
    await expect(tree.read('bad.jpg')).rejects.toThrow('the entry "bad.jpg" is damaged');
    await tree.close();
  });

  it('that unpacks to more than it may is refused: by ratio, by size, by number', async () => {
    const file = await zipOf({ 'small.txt': text('x'), 'bomb.txt': Buffer.alloc(20 * 2 ** 20) });
    await expect(ZipTree.open(file)).rejects.toThrow(/"bomb.txt" is 20971520 bytes packed into \d+; more than 200 to 1/);
    await expect(ZipTree.open(file, { ratio: 2_000, bytes: 2 ** 20 })).rejects.toThrow('"bomb.txt" brings the archive to 20971521 bytes');
    await expect(ZipTree.open(file, { ratio: 2_000, entries: 1 })).rejects.toThrow('"bomb.txt" is number 2; at most 1');
  });

  it('that lies about the size of an entry is refused when it is read', async () => {
    const file = await forged(await zipOf({ 'lie.txt': Buffer.alloc(100_000, 'ab') }), (bytes) => bytes.writeUInt32LE(1_000, directoryEntry(bytes, 'lie.txt') + 24));
    const tree = await ZipTree.open(file);
    await expect(tree.read('lie.txt')).rejects.toThrow(HostileArchiveError);
    await tree.close();
  });

  it('whose entries share their bytes is refused', async () => {
    const content = Buffer.from(Array.from({ length: 40_000 }, (_, i) => (i * 2_654_435_761) >>> 13));
    const file = await forged(await zipOf({ 'a.jpg': content, 'b.jpg': content }), (bytes) => {
      const longer = bytes.length - 100;
      for (const name of ['a.jpg', 'b.jpg']) for (const field of [20, 24]) bytes.writeUInt32LE(longer, directoryEntry(bytes, name) + field);
    });
    await expect(ZipTree.open(file)).rejects.toThrow('"b.jpg" overlaps another');
  });

  it('of anything else says so', async () => {
    await writeFile(join(folder, 'no.zip'), 'PK\u0003\u0004 and then nothing');
    await expect(openFileTree(join(folder, 'no.zip'))).rejects.toThrow('expected a zip archive');
  });

  it('of 66,000 entries and of streams of unknown length is read back', async () => {
    const file = join(folder, 'many.zip');
    const sink = await ZipSink.open(file);
    for (let i = 0; i < 66_000; i += 1) await sink.write(`labels/${i}.txt`, text(`${i}`));
    await sink.write('long.json', (async function* () { for (let i = 0; i < 100; i += 1) yield Buffer.alloc(50_000, `${i}`); })());
    await expect(sink.write('long.json', text(''))).rejects.toThrow('long.json is written twice');
    await sink.close();
    const tree = await openFileTree(file);
    expect((await listed(tree)).length).toBe(66_001);
    expect(text('65999')).toEqual(await tree.read('labels/65999.txt'));
    expect((await tree.read('long.json')).length).toBe(5_000_000);
    await tree.close();
  }, 60_000);
});

describe('a tar', () => {
  it('gives its files, packed by gzip too, and several are one', async () => {
    const first = await tarOf([{ name: './images/一.jpg', content: 'one' }, { name: 'images/', type: 'directory' }, { name: `${'长'.repeat(60)}/x.txt`, content: 'long' }], 'a.tar');
    const second = await tarOf([{ name: 'images/二.jpg', content: 'two' }], 'b.tar');
    await writeFile(second, gzipSync(await readFile(second)));
    const tree = await openFileTree([first, second]);
    expect(await listed(tree)).toEqual(['images/一.jpg 3', `${'长'.repeat(60)}/x.txt 4`, 'images/二.jpg 3']);
    expect(text('two')).toEqual(Buffer.from(await tree.read('images/二.jpg')));
    expect(text('long')).toEqual(Buffer.from(await tree.read(`${'长'.repeat(60)}/x.txt`)));
    await tree.close();
    const apart = await openFileTree(folder);
    expect((await listed(apart))[2]).toBe('b/images/二.jpg 3');
    await apart.close();
  });

  it.each([
    [{ name: '../out.txt', content: 'x' }, 'has a part'],
    [{ name: '/etc/cron.d/x', content: 'x' }, 'is an absolute path'],
    [{ name: 'a\\..\\b', content: 'x' }, 'has a backslash'],
    [{ name: 'link', type: 'symlink' as const, linkname: '/etc/passwd' }, 'is a symlink'],
    [{ name: 'hard', type: 'link' as const, linkname: '/etc/passwd' }, 'is a link'],
    [{ name: 'tty', type: 'character-device' as const }, 'is a character-device'],
    [{ name: 'first.txt', content: 'again' }, 'is there twice'],
  ])('with the entry %j is refused', async (entry, why) => {
    const file = await tarOf([{ name: 'first.txt', content: '1' }, entry]);
    const failure = await TarTree.open([file]).catch((thrown) => thrown);
    expect(failure).toBeInstanceOf(HostileArchiveError);
    expect(failure.message).toContain(JSON.stringify(entry.name));
    expect(failure.message).toContain(why);
  });

  it('that is a bomb, is cut off or is none is refused, and leaves nothing behind', async () => {
    const bomb = join(folder, 'bomb.tar.gz');
    await writeFile(bomb, gzipSync(Buffer.alloc(64 * 2 ** 20)));
    const spool = join(folder, 'spool');
    await mkdir(spool);
    await expect(TarTree.open([bomb], { spool })).rejects.toThrow(/"bomb.tar.gz".*taken for a bomb/);
    await writeFile(join(folder, 'fits.tar.gz'), gzipSync(await readFile(await tarOf([{ name: 'a.txt', content: 'x' }]))));
    await expect(TarTree.open([join(folder, 'fits.tar.gz')], { spool, hasRoom: () => false })).rejects.toThrow('there is no room on the disk');
    expect(await listed(await FolderTree.open(spool))).toEqual([]);
    const file = await tarOf([{ name: 'a.txt', content: 'x'.repeat(5_000) }]);
    await writeFile(file, (await readFile(file)).subarray(0, 3_000));
    await expect(TarTree.open([file])).rejects.toThrow('expected a whole tar archive');
    await writeFile(file, 'no archive at all'.repeat(100));
    await expect(TarTree.open([file])).rejects.toThrow(DatasetFileError);
  });
});

/** A tar whose bytes can lie in another archive. */
const shardOf = async (entries: Parameters<typeof tarOf>[0]): Promise<Buffer> => readFile(await tarOf(entries, 'shard'));

describe('an archive of shards', () => {
  const good = () => shardOf([{ name: 'a.jpg', content: 'one' }, { name: 'a.json', content: '{}' }]);
  const zipped = async (shards: Readonly<Record<string, Buffer>>) => zipOf({ 'index.json': text('{}'), ...shards });
  const tarred = async (shards: Readonly<Record<string, Buffer>>) => tarOf(Object.entries(shards).map(([name, content]) => ({ name, content: content as unknown as string })), 'outer.tar');

  it.each([['zip', zipped], ['tar', tarred]] as const)('in a %s gives what lies in them, by shards, without taking them out', async (_kind, make) => {
    const spool = join(folder, 'spool');
    await mkdir(spool);
    const second = await shardOf([{ name: './b/c.jpg', content: 'two' }, { name: 'deeper.tar', content: 'stays closed' }]);
    const file = await make({ 'out/000001.tar': second, 'out/000000.tar': await good() });
    const tree = await openFileTree(file, { spool });
    expect(await listed(tree)).toEqual(['out/000000/a.jpg 3', 'out/000000/a.json 2', 'out/000001/b/c.jpg 3', 'out/000001/deeper.tar 12']);
    expect(text('two')).toEqual(Buffer.from(await tree.read('out/000001/b/c.jpg')));
    expect(text('stays closed')).toEqual(Buffer.from(await readWhole('', tree.stream!('out/000001/deeper.tar'))));
    expect(await listed(await FolderTree.open(spool))).toEqual([]);
    await tree.close();
  });

  it('that are packed are put aside while it is open', async () => {
    const spool = join(folder, 'spool');
    await mkdir(spool);
    await writeFile(join(folder, '0.tar'), await good());
    const file = join(folder, 'packed.zip');
    execFileSync('python3', ['-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED).write(sys.argv[2], "0.tar")', file, join(folder, '0.tar')]);
    const tree = await openFileTree(file, { spool });
    expect(text('one')).toEqual(Buffer.from(await tree.read('0/a.jpg')));
    expect(await listed(await FolderTree.open(spool))).toHaveLength(1);
    await tree.close();
    expect(await listed(await FolderTree.open(spool))).toEqual([]);
    await expect(TarTree.within(await ZipTree.open(file), ['0.tar'], { spool, hasRoom: () => false })).rejects.toThrow('zip -0');
    expect(await listed(await FolderTree.open(spool))).toEqual([]);
  });

  it.each<[Partial<Header> & { name: string; content?: string }, string]>([
    [{ name: '../out.txt', content: 'x' }, 'has a part'],
    [{ name: '/etc/cron.d/x', content: 'x' }, 'is an absolute path'],
    [{ name: 'link', type: 'symlink', linkname: '/etc/passwd' }, 'is a symlink'],
    [{ name: 'hard', type: 'link', linkname: '/etc/passwd' }, 'is a link'],
    [{ name: 'tty', type: 'character-device' }, 'is a character-device'],
    [{ name: 'a.jpg', content: 'again' }, 'is there twice'],
  ])('with the entry %j in one is refused, and the shard named', async (entry, why) => {
    const bad = await shardOf([{ name: 'a.jpg', content: '1' }, entry]);
    for (const file of [await zipped({ '0.tar': await good(), '1.tar': bad }), await tarred({ '0.tar': await good(), '1.tar': bad })]) {
      const failure = await openFileTree(file).catch((thrown) => thrown);
      expect(failure).toBeInstanceOf(HostileArchiveError);
      expect(failure.message).toContain(`${file}: 1.tar: the entry ${JSON.stringify(entry.name)}`);
      expect(failure.message).toContain(why);
    }
  });

  it('counts as one archive, whatever it is cut into', async () => {
    const file = await zipped({ '0.tar': await good(), '1.tar': await good() });
    await expect(openFileTree(file, { limits: { entries: 3 } })).rejects.toThrow('"a.json" is number 4; at most 3');
    await expect(openFileTree(file, { limits: { entries: 4 } })).resolves.toBeDefined();
    await expect(openFileTree(file, { limits: { bytes: 4_000 } })).rejects.toThrow('at most 4000 are read');
  });

  it('that is a bomb, damaged, cut off or none is refused, and leaves nothing behind', async () => {
    const spool = join(folder, 'spool');
    await mkdir(spool);
    const file = join(folder, 'bomb.zip');
    execFileSync('python3', ['-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED).writestr("0.tar", bytes(64 << 20))', file]);
    await expect(openFileTree(file, { spool })).rejects.toThrow(/"0.tar" is 67108864 bytes packed into \d+; more than 200 to 1/);
    const flipped = await forged(await zipped({ '0.tar': await good() }), (bytes) => bytes.write('onE', bytes.indexOf('one')));
    await expect(openFileTree(flipped, { spool })).rejects.toThrow('the entry "0.tar" is damaged');
    await expect(openFileTree(await zipped({ '0.tar': (await good()).subarray(0, 700) }), { spool })).rejects.toThrow('0.tar: expected a whole tar archive');
    await expect(openFileTree(await zipped({ '0.tar': text('no archive at all'.repeat(100)) }), { spool })).rejects.toThrow(DatasetFileError);
    for (const name of ['.tar', '...tar']) await expect(openFileTree(await tarred({ [name]: await good() }), { spool })).rejects.toThrow(HostileArchiveError);
    expect(await listed(await FolderTree.open(spool))).toEqual([]);
  });

  it('is none where anything else lies in it, or shards that are packed themselves: they stay files', async () => {
    const packed = gzipSync(await good());
    const others: readonly Readonly<Record<string, Buffer>>[] = [{ 'b.jpg': text('picture') }, { '1.tar.gz': packed }, { '1.zip': await readFile(await zipOf({ 'a.jpg': text('x') })) }];
    for (const more of others) {
      const tree = await openFileTree(await zipOf({ '0.tar': await good(), ...more }));
      expect((await listed(tree)).map((line) => line.split(' ')[0])).toEqual(['0.tar', ...Object.keys(more)]);
      await tree.close();
    }
    const fromMac = await openFileTree(await zipOf({ 'x/0.tar': await good(), '__MACOSX/x/._0.tar': text('fork'), 'x/.DS_Store': text('y') }));
    expect(await listed(fromMac)).toEqual(['x/0/a.jpg 3', 'x/0/a.json 2']);
    await fromMac.close();
  });
});

describe('a folder', () => {
  it('follows links that stay inside, and no others', async () => {
    await mkdir(join(folder, 'set/子'), { recursive: true });
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await writeFile(join(folder, 'set/子/cafe\u0301.txt'), 'inside');
    await symlink(join(folder, 'secret.txt'), join(folder, 'set/out.txt'));
    await symlink(folder, join(folder, 'set/above'));
    await symlink(join(folder, 'set/子/cafe\u0301.txt'), join(folder, 'set/in.txt'));
    const tree = await FolderTree.open(join(folder, 'set'));
    expect(await listed(tree)).toEqual(['in.txt 6', '子/cafe\u0301.txt 6']);
    expect(text('inside')).toEqual(await tree.read('子/café.txt'));
    await expect(tree.read('out.txt')).rejects.toThrow('there is no such file');
    await expect(tree.read('above/secret.txt')).rejects.toThrow('there is no such file');
    await expect(tree.read('../secret.txt')).rejects.toThrow(HostileArchiveError);
  });

  it('is written, not over anything and not through a link', async () => {
    const sink = new FolderSink(join(folder, 'out'));
    await sink.write('a/b.txt', text('b'));
    await expect(sink.write('a/b.txt', text('c'))).rejects.toThrow('there is such a file already');
    await expect(sink.write('../b.txt', text('c'))).rejects.toThrow(HostileArchiveError);
    await symlink(folder, join(folder, 'out/link'));
    await expect(sink.write('link/b.txt', text('c'))).rejects.toThrow('leads out');
  });
});
