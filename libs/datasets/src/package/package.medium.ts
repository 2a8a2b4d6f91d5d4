import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, existsSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import type { Sample } from '@argus/contracts';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DatasetFileError, HostileArchiveError } from '../errors.js';
import { madeSample, sourceOf } from './made-samples.js';
import type { DatasetDescription } from './manifest.js';
import { openDataset } from './open-dataset.js';
import { verifyDataset } from './verify-dataset.js';
import { versionDigestOf } from './version-digest.js';
import { writeDataset } from './write-dataset.js';
import { ARCHIVE_LIMITS } from './safe-path.js';
import { ZipFiles } from './zip-files.js';
import { directoryEndOf, directoryRecordOf, localHeaderOf } from './zip-format.js';
import { ZipWriter } from './zip-writer.js';

// Real: files on a disk; unzip, zip and Python's zipfile of the system, where they are.
let folder: string;
let made = 0;
const fresh = (name = 'set.imgdataset'): string => {
  const path = join(folder, String((made += 1)), name);
  mkdirSync(dirname(path));
  return path;
};
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'argus-packages-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const runs = (command: string, ...args: string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasUnzip = runs('unzip', '-v');
const hasZip = runs('zip', '-v');
const hasPython = runs('python3', '-c', 'import zipfile');
const DESCRIPTION = { name: 'Nordtor 北门', createdAt: '2026-11-28T10:00:00Z', createdBy: 'spec', labels: ['car', 'person'] } as DatasetDescription;
const SAMPLES = Array.from({ length: 120 }, (_, number) => madeSample(number));
const allOf = async (path: string): Promise<Sample[]> => {
  const set = await openDataset(path);
  try {
    const samples: Sample[] = [];
    for await (const sample of set.samples()) samples.push(sample);
    return samples;
  } finally {
    await set.close();
  }
};
const sorted = SAMPLES.map(({ sample }) => sample).sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
const unpacked = (path: string): string => {
  const into = fresh('unpacked');
  execFileSync('unzip', ['-q', path, '-d', into]);
  return into;
};

describe('a package', () => {
  it('gives back what went in to the last bit, with the digest of its content', async () => {
    const path = fresh();
    const written = await writeDataset(sourceOf(SAMPLES), DESCRIPTION, path);
    expect(written.version).toBe(versionDigestOf(sorted));
    expect(await allOf(path)).toEqual(sorted);
    const set = await openDataset(path);
    for (const { sample, content } of SAMPLES.slice(0, 9)) expect(Buffer.from(await set.read(sample.sha256)).equals(content)).toBe(true);
    await expect(set.read('0'.repeat(64))).rejects.toThrow('it is not there');
    expect(set.manifest).toMatchObject({ name: 'Nordtor 北门', version: written.version, counts: { samples: 120, groups: 6 }, labels: ['car', 'person', 'café', '狗'], pictures: 'embedded' });
    const cars = sorted.flatMap(({ annotations }, row) => (annotations.some(({ label, score }) => label === 'car' && (score ?? 0) > 0.5) ? [row] : []));
    expect([...(await set.find({ labels: ['car'], minScore: 0.5000001 }))]).toEqual(cars);
    expect([...(await set.find({ splits: ['val', 'test'], complete: true }))]).toEqual(sorted.flatMap(({ split, complete }, row) => (split !== null && split !== 'train' && complete ? [row] : [])));
    await set.close();
    expect(await verifyDataset(path)).toEqual({ ok: true, problems: [], root: written.root, version: written.version });
    expect(readdirSync(dirname(path))).toEqual(['set.imgdataset']);
  });

  it('is the same, byte for byte, whatever the order in which samples came', async () => {
    const [one, two] = [fresh(), fresh()];
    const first = await writeDataset(sourceOf(SAMPLES), DESCRIPTION, one);
    expect(await writeDataset(sourceOf(SAMPLES.toReversed(), 'other'), DESCRIPTION, two)).toEqual(first);
    expect(readFileSync(two).equals(readFileSync(one))).toBe(true);
    const later = await writeDataset(sourceOf(SAMPLES), { ...DESCRIPTION, createdAt: '2027-01-01T00:00:00Z', message: 'later' }, fresh());
    expect(later.version).toBe(first.version);
    expect(later.root).not.toBe(first.root);
  });

  it('keeps fields that it does not know when it is written again', async () => {
    const [one, two] = [fresh(), fresh()];
    const { sample, content } = madeSample(21);
    const [annotation, ...rest] = sample.annotations;
    const later = { ...sample, later: { a: [1, '二'] }, origin: sample.origin && { ...sample.origin, lens: 7 }, quality: sample.quality, annotations: [{ ...annotation, box: { ...annotation?.box, angle: 0.1 }, depth: 3 }, ...rest] } as Sample;
    await writeDataset(sourceOf([{ sample: later, content }]), { ...DESCRIPTION, project: { code: 'N7' } } as DatasetDescription, one);
    expect(await allOf(one)).toEqual([later]);
    const set = await openDataset(one);
    const { version } = await writeDataset(set, set.manifest, two);
    await set.close();
    expect(await allOf(two)).toEqual([later]);
    const again = await openDataset(two);
    expect(again.manifest).toEqual({ ...set.manifest, project: { code: 'N7' }, version });
    expect(version).toBe(set.manifest.version);
    await again.close();
  });

  it('may be empty, may only name its pictures, and is not written over another', async () => {
    const path = fresh();
    await writeDataset(sourceOf([]), DESCRIPTION, path);
    expect(await allOf(path)).toEqual([]);
    await expect(writeDataset(sourceOf(SAMPLES), DESCRIPTION, path)).rejects.toThrow('expected nothing there yet');
    await writeDataset(sourceOf(SAMPLES), DESCRIPTION, path, { overwrite: true, pictures: 'elsewhere' });
    const [thin, full] = [await openDataset(path), await openDataset(path, { pictures: sourceOf(SAMPLES) })];
    await expect(thin.read(sorted[0]?.sha256 as string)).rejects.toThrow('expected a store of pictures');
    expect((await full.read(sorted[0]?.sha256 as string)).byteLength).toBe(sorted[0]?.bytes);
    await thin.close();
    await full.close();
  });

  it('leaves nothing behind when a picture is not what the sample says', async () => {
    const path = fresh();
    const [first, ...rest] = SAMPLES;
    await expect(writeDataset(sourceOf([...rest, { sample: first?.sample as Sample, content: Buffer.from('other') }]), DESCRIPTION, path)).rejects.toThrow(/expected the picture/);
    await expect(writeDataset(sourceOf([...SAMPLES, SAMPLES[0] as (typeof SAMPLES)[0]]), DESCRIPTION, path)).rejects.toThrow('is there twice');
    await expect(writeDataset(sourceOf([]), { ...DESCRIPTION, name: '' }, path)).rejects.toThrow('description of made: name');
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  it.skipIf(!hasUnzip || !hasPython)('is a zip to unzip and Python, and a package still when unpacked or packed by others', async () => {
    const path = fresh();
    const written = await writeDataset(sourceOf(SAMPLES), DESCRIPTION, path);
    execFileSync('unzip', ['-tqq', path]);
    expect(execFileSync('python3', ['-c', 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(z.testzip(), len(z.namelist()))', path], { encoding: 'utf8' }).trim()).toBe('None 124');
    const into = unpacked(path);
    if (runs('sha256sum', '--version')) execFileSync('sha256sum', ['-c', '--quiet', 'checksums.sha256'], { cwd: into });
    expect(await verifyDataset(into, written)).toMatchObject({ ok: true });
    expect(await allOf(into)).toEqual(sorted);
    if (!hasZip) return;
    const again = fresh();
    execFileSync('zip', ['-qr', again, '.'], { cwd: into });
    expect(await verifyDataset(again, written)).toMatchObject({ ok: true, problems: [] });
    expect(await allOf(again)).toEqual(sorted);
  });

  it('has tables that any reader of Parquet reads', async () => {
    const path = fresh();
    await writeDataset(sourceOf(SAMPLES), DESCRIPTION, path);
    const set = await openDataset(path);
    const rows = await parquetReadObjects({ file: Uint8Array.from(await set.files.read('images.parquet')).buffer });
    expect(rows.map(({ sha256 }) => sha256)).toEqual(sorted.map(({ sha256 }) => sha256));
    await set.close();
  });
});

/** Seals a set over and over, and tells each that is done. */
const BUILT = new URL('../../dist/', import.meta.url).href;
const SEALER = `
  import { writeDataset } from '${BUILT}index.js';
  import { madeSample, sourceOf } from '${BUILT}package/made-samples.js';
  const source = sourceOf(Array.from({ length: 40 }, (_, number) => madeSample(number)));
  for (let number = 0; ; number += 1) {
    await writeDataset(source, ${JSON.stringify(DESCRIPTION)}, process.argv[1] + '/' + number + '.imgdataset');
    process.stdout.write(number + '\\n');
  }`;

describe.skipIf(!existsSync(fileURLToPath(new URL('index.js', BUILT))))('a process that is killed while it seals', () => {
  const points = Math.ceil(Number(process.env['ARGUS_CRASH_POINTS'] ?? 20) / 4);
  it(`leaves whole packages or none, at ${points} random moments`, { timeout: 30_000 + points * 6000 }, async () => {
    for (let point = 0; point < points; point += 1) {
      const into = fresh('sealed');
      mkdirSync(into);
      const child = spawn(process.execPath, ['--input-type=module', '-e', SEALER, into], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      await setTimeout(Math.random() * 200);
      child.kill('SIGKILL');
      await once(child, 'close');
      const sealed = readdirSync(into).filter((name) => !name.startsWith('.'));
      expect(sealed.length).toBeGreaterThan(0);
      for (const name of sealed) expect(await verifyDataset(join(into, name))).toMatchObject({ ok: true });
    }
  });
});

describe('what was changed in a package', () => {
  const small = SAMPLES.slice(0, 12);
  it('is found wherever one bit of the file was flipped, and named where it is in a file', { timeout: 120_000 }, async () => {
    const path = fresh();
    await writeDataset(sourceOf(small), DESCRIPTION, path);
    const bytes = readFileSync(path);
    const zip = await ZipFiles.open(path);
    const flipped = fresh();
    const tries = 250;
    for (let round = 0; round < tries; round += 1) {
      // The directory and the seal at the end are a small part: half of the tries are there.
      const at = round % 2 ? Math.floor(Math.random() * bytes.length) : bytes.length - 1 - Math.floor(Math.random() * 1800);
      const other = Buffer.from(bytes);
      other[at] = (other[at] as number) ^ (1 << (round % 8));
      writeFileSync(flipped, other);
      const { ok, problems } = await verifyDataset(flipped);
      expect(ok, `bit ${round % 8} of byte ${at}`).toBe(false);
      const inside = [...zip.entries].find(([name, { offset, bytes: length }]) => at >= offset + 30 + name.length && at < offset + 30 + name.length + length);
      if (inside && inside[0] !== 'checksums.sha256') expect(problems.map((problem) => problem.path)).toContain(inside[0]);
    }
    await zip.close();
  });

  it.skipIf(!hasUnzip)('is named: dropped, added, renamed, changed, of another set', async () => {
    const path = fresh();
    const written = await writeDataset(sourceOf(small), DESCRIPTION, path);
    const into = unpacked(path);
    const objects = readdirSync(join(into, 'objects'), { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.')).map((name) => `objects/${name}`).sort();
    const [dropped, renamed, changed] = objects as [string, string, string];
    unlinkSync(join(into, dropped));
    renameSync(join(into, renamed), join(into, 'objects/other.jpg'));
    writeFileSync(join(into, changed), 'x');
    writeFileSync(join(into, 'added one'), 'y');
    writeFileSync(join(into, 'added two'), 'y');
    expect((await verifyDataset(into)).problems).toEqual([
      { path: changed, problem: expect.stringContaining('changed') },
      { path: dropped, problem: 'missing' },
      { path: renamed, problem: 'renamed: it is called objects/other.jpg now' },
      { path: 'added one', problem: expect.stringContaining('added') },
      { path: 'added two', problem: expect.stringContaining('added') },
    ]);
    // Made anew throughout, it is right in itself; only who has the digest knows.
    const other = fresh();
    const forged = await writeDataset(sourceOf(small.slice(1)), DESCRIPTION, other);
    expect((await verifyDataset(other)).ok).toBe(true);
    expect((await verifyDataset(other, written)).problems.map(({ path: name }) => name)).toEqual(['checksums.sha256', 'images.parquet']);
    expect(forged.version).not.toBe(written.version);
    const rest = unpacked(path);
    unlinkSync(join(rest, 'checksums.sha256'));
    expect((await verifyDataset(rest)).problems[0]).toEqual({ path: 'checksums.sha256', problem: 'missing' });
    // A list that was made anew for a manifest of other content.
    const manifest = readFileSync(join(rest, 'manifest.json'), 'utf8').replace('"samples": 12', '"samples": 13');
    writeFileSync(join(rest, 'manifest.json'), manifest);
    const lines = readFileSync(join(into, 'checksums.sha256'), 'utf8').replace(/^.*manifest\.json$/m, `${createHash('sha256').update(manifest).digest('hex')}  manifest.json`);
    writeFileSync(join(rest, 'checksums.sha256'), lines);
    expect((await verifyDataset(rest)).problems).toEqual([{ path: 'manifest.json', problem: expect.stringContaining('counts') }]);
  });

  it('is said of what is cut off, empty or no package at all', async () => {
    const path = fresh();
    await writeDataset(sourceOf(small), DESCRIPTION, path);
    const bytes = readFileSync(path);
    for (const share of [0, 0.3, 0.618, 0.99]) {
      writeFileSync(path, bytes.subarray(0, Math.floor(bytes.length * share)));
      expect((await verifyDataset(path)).problems[0]?.path).toBe(path);
      await expect(openDataset(path)).rejects.toThrow(DatasetFileError);
    }
    await expect(openDataset(join(folder, 'nowhere'))).rejects.toThrow('there is nothing');
    await expect(openDataset(folder)).rejects.toThrow('manifest.json');
  });
});

describe.skipIf(!hasPython)('a hostile archive', () => {
  const archive = (script: string): string => {
    const path = fresh('hostile.zip');
    execFileSync('python3', ['-c', `import sys, zipfile, struct\nz = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)\n${script}\nz.close()`, path]);
    return path;
  };
  const link = "i = zipfile.ZipInfo('objects/link.jpg')\ni.create_system = 3\ni.external_attr = 0o120777 << 16\nz.writestr(i, '/etc/passwd')";
  it.each([
    ['leads out', "z.writestr('../evil', 'x')", '../evil'],
    ['leads out in the middle', "z.writestr('objects/../../evil', 'x')", 'objects/../../evil'],
    ['is absolute', "z.writestr('/etc/evil', 'x')", '/etc/evil'],
    ['is absolute on Windows', "z.writestr('C:/evil', 'x')", 'C:/evil'],
    ['is Windows', "i = zipfile.ZipInfo('a')\ni.filename = 'a\\\\\\\\..\\\\\\\\evil'\nz.writestr(i, 'x')", 'evil'],
    ['has an empty part', "z.writestr('a//evil', 'x')", 'a//evil'],
    ['is there twice', "z.writestr('manifest.json', 'x')\nimport warnings\nwarnings.simplefilter('ignore')\nz.writestr('manifest.json', 'y')", 'manifest.json'],
    ['is a link', link, 'objects/link.jpg'],
    ['is a bomb', "z.writestr('bomb.json', b'0' * 20_000_000)", 'bomb.json'],
  ])('is refused by the entry that %s', async (_, script, entry) => {
    const error = await openDataset(archive(script)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(HostileArchiveError);
    expect((error as Error).message).toContain(entry);
  });

  it('is refused for a size that is not true, entries that share bytes, and more than was allowed', async () => {
    const path = archive("z.writestr('manifest.json', b'x' * 5000)\nz.writestr('other.json', b'y' * 5000)");
    const bytes = readFileSync(path);
    const directory = bytes.indexOf('PK\u0001\u0002');
    const second = bytes.indexOf('PK\u0001\u0002', directory + 4);
    const patched = (at: number, value: number): string => {
      const copy = Buffer.from(bytes);
      copy.writeUInt32LE(value, at);
      const other = fresh('patched.zip');
      writeFileSync(other, copy);
      return other;
    };
    for (const size of [4999, 5001]) {
      const zip = await ZipFiles.open(patched(directory + 24, size));
      await expect(zip.read('manifest.json')).rejects.toThrow(/entry manifest.json: expected \d+ bytes/);
      await zip.close();
    }
    await expect(ZipFiles.open(patched(second + 42, 0))).rejects.toThrow(/entry "other.json": expected bytes of its own|entry "manifest.json"/);
    await expect(ZipFiles.open(path, { ...ARCHIVE_LIMITS, mostEntries: 1 })).rejects.toThrow('expected 1 entries at most');
    await expect(ZipFiles.open(path, { ...ARCHIVE_LIMITS, mostBytes: 9000 })).rejects.toThrow('other.json');
    await expect(ZipFiles.open(path, { ...ARCHIVE_LIMITS, mostFileBytes: 4000 })).rejects.toThrow('manifest.json');
    const zip = await ZipFiles.open(path);
    await expect(zip.read('manifest.json', 10)).rejects.toThrow('expected 10 bytes at most');
    await zip.close();
  });

  it('is a folder with a link, too', async () => {
    const into = fresh('folder');
    mkdirSync(join(into, 'objects'), { recursive: true });
    writeFileSync(join(into, 'manifest.json'), '{}');
    symlinkSync('/etc', join(into, 'objects', 'ab'));
    symlinkSync('/etc/hostname', join(into, 'images.parquet'));
    expect((await verifyDataset(into)).problems.map(({ path }) => path)).toContain('images.parquet');
    unlinkSync(join(into, 'manifest.json'));
    symlinkSync('/etc/hostname', join(into, 'manifest.json'));
    await expect(openDataset(into)).rejects.toThrow(HostileArchiveError);
  });
});

describe('a large archive', () => {
  const large = Math.ceil(4.2 * 2 ** 30);
  const check = async (path: string, entries: number) => {
    const files = await ZipFiles.open(path);
    expect(files.entries.size).toBe(entries);
    expect(Buffer.from(await files.read('objects/7/65543.bin')).toString()).toBe('65543');
    const file = await files.openFile('large.bin');
    expect(file.bytes).toBe(large);
    expect(Buffer.from(await file.read(large - 3, large)).toString()).toBe('end');
    expect(Buffer.from(await files.read('behind.txt')).toString()).toBe('behind');
    await files.close();
    if (hasUnzip) expect(execFileSync('unzip', ['-p', path, 'behind.txt'], { encoding: 'utf8' })).toBe('behind');
    const script = 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); print(len(z.namelist()), z.read("behind.txt").decode(), z.getinfo("large.bin").file_size)';
    if (hasPython) expect(execFileSync('python3', ['-c', script, path], { encoding: 'utf8' }).trim()).toBe(`${entries} behind ${large}`);
  };

  it('has more than 65,536 files and more than 4 GB, most of it a hole', { timeout: 120_000 }, async () => {
    const path = fresh('sparse.zip');
    const file = openSync(path, 'w');
    const records: Buffer[] = [];
    let offset = 0;
    const put = (name: string, content: Buffer, bytes = content.length) => {
      const entry = { path: name, bytes, crc32: crc32(content), offset };
      records.push(directoryRecordOf(entry));
      const header = localHeaderOf(entry);
      writeSync(file, header, 0, header.length, offset);
      offset += header.length + bytes;
      writeSync(file, content, 0, content.length, offset - content.length);
    };
    for (let number = 0; number < 66_000; number += 1) put(`objects/${number % 256}/${number}.bin`, Buffer.from(String(number)));
    put('large.bin', Buffer.from('end'), large);
    put('behind.txt', Buffer.from('behind'));
    const directory = Buffer.concat(records);
    const end = directoryEndOf({ entries: records.length, bytes: directory.length, offset }, 0);
    writeSync(file, Buffer.concat([directory, end]), 0, directory.length + end.length, offset);
    closeSync(file);
    await check(path, 66_002);
  });

  // Writes nine gigabytes.
  it.skipIf(!process.env['ARGUS_LARGE_FILES'])('is written', { timeout: 600_000 }, async () => {
    const path = fresh('many.zip');
    const zip = await ZipWriter.create(path);
    for (let number = 0; number < 66_000; number += 1) await zip.add(`objects/${number % 256}/${number}.bin`, Buffer.from(String(number)));
    const sparse = fresh('sparse');
    const file = openSync(sparse, 'w');
    ftruncateSync(file, large);
    writeSync(file, 'end', large - 3);
    closeSync(file);
    await zip.addFile('large.bin', sparse);
    await zip.add('behind.txt', Buffer.from('behind'));
    await zip.close();
    await check(path, 66_002);
    unlinkSync(path);
  });
});
