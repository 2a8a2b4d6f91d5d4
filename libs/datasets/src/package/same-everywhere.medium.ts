import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

// Real: the built library in two processes that agree on nothing but the input. `tsc -b` first.
const BUILT = new URL('../../dist/', import.meta.url).href;
const isBuilt = existsSync(fileURLToPath(new URL('index.js', BUILT)));
if (!isBuilt) console.warn('skipped: libs/datasets is not built');

/** Everything that has a digest, made of the same samples: `backwards` gives them in another order. */
const MAKER = `
  import * as argus from '${BUILT}index.js';
  import { madeSample, sourceOf } from '${BUILT}package/made-samples.js';
  const [into, umask, order] = process.argv.slice(1);
  process.umask(Number.parseInt(umask, 8));
  const numbers = Array.from({ length: 40 }, (_, number) => number);
  const source = sourceOf((order === 'backwards' ? numbers.toReversed() : numbers).map(madeSample), '北门 İstanbul');
  const description = { name: '北门 İstanbul', createdAt: '2026-11-28T10:00:00Z', createdBy: 'spec', labels: ['car', 'person'] };
  const written = await argus.writeDataset(source, description, into + '/set.imgdataset');
  for (const name of ['Coco', 'Yolo', 'Voc', 'CvatImages', 'CvatVideo', 'Datumaro', 'Mot', 'ClassFolders', 'Folders', 'WebDataset']) {
    await argus['write' + name](source, new argus.FolderSink(into + '/' + name));
    const sink = await argus.ZipSink.open(into + '/' + name + '.zip');
    await argus['write' + name](source, sink);
    await sink.close();
  }
  const rows = numbers.map((number) => Array.from({ length: 8 }, (_, at) => Math.sin(number * 7 + at)));
  const vectors = { data: Float32Array.from(rows.flat()), dims: 8 };
  const chosen = argus.chooseDiverse(vectors, { count: 12, groups: numbers.map((number) => number % 6) });
  const split = argus.splitByGroup(numbers.map((number) => ({ group: 'İ' + (number % 30), labels: ['a'] })), { shares: { train: 0.8, val: 0.1, test: 0.1 }, seed: 'x' });
  const classes = argus.sizeClasses(rows.map(([w, h]) => ({ width: 2 + w, height: 2 + h })), 5, { seed: 3 });
  process.stdout.write(JSON.stringify({ written, chosen: [...chosen.rows], split, classes, zone: Intl.DateTimeFormat().resolvedOptions().timeZone, locale: Intl.DateTimeFormat().resolvedOptions().locale }));`;

describe.skipIf(!isBuilt)('two processes in other zones, with other languages and rights of files (T-DET)', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'argus-same-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function make(zone: string, language: string, umask: string, order: string): { said: Record<string, unknown>; files: Record<string, string>; rights: number } {
    const into = mkdtempSync(join(folder, 'made-'));
    const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', MAKER, into, umask, order], { encoding: 'utf8', env: { PATH: process.env['PATH'], TZ: zone, LC_ALL: language, LANG: language } });
    if (status !== 0) throw new Error(stderr);
    const names = readdirSync(into, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(into, name)).isFile()).sort();
    const files = Object.fromEntries(names.map((name) => [name, createHash('sha256').update(readFileSync(join(into, name))).digest('hex')]));
    return { said: JSON.parse(stdout) as Record<string, unknown>, files, rights: statSync(join(into, 'set.imgdataset')).mode & 0o777 };
  }

  it('make the same packages, exports, choices, splits and classes, byte for byte', () => {
    const one = make('Pacific/Chatham', 'tr_TR.UTF-8', '077', 'forwards');
    const other = make('America/St_Johns', 'de_DE.UTF-8', '002', 'backwards');
    // They are as different as they were meant to be.
    expect([one.said['zone'], other.said['zone']]).toEqual(['Pacific/Chatham', 'America/St_Johns']);
    expect([one.said['locale'], other.said['locale']]).toEqual(['tr-TR', 'de-DE']);
    expect(other.files).toEqual(one.files);
    expect(Object.keys(one.files).length).toBeGreaterThan(250);
    const { zone: _zone, locale: _locale, ...made } = one.said;
    expect(other.said).toMatchObject(made);
  });
});
