import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

/** The built library in a process of its own, whose memory is measured: `tsc -b` first. */
const LIBRARY = fileURLToPath(new URL('../../dist/index.js', import.meta.url));
const MOST_KB = 512 * 1024;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'argus-large-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the script prints, with `rss`: the most memory that it ever had, KB. */
async function measured(script: string): Promise<Record<string, number>> {
  const file = join(folder, 'script.mjs');
  await writeFile(file, `import * as argus from ${JSON.stringify(LIBRARY)};\n${script}\nconsole.log(JSON.stringify({ ...result, rss: process.resourceUsage().maxRSS }));`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const result = JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, number>;
  console.info(JSON.stringify(result));
  return result;
}

describe('large sets', { timeout: 600_000 }, () => {
  it('COCO of a million boxes goes out and comes in with 512 MB', async () => {
    const out = JSON.stringify(join(folder, 'coco'));
    const written = await measured(`
const base = { points: null, runs: null, track: null, occluded: false, score: null, model: null, state: 'edited', attributes: {} };
const source = { name: 'large', read: async () => { throw new Error('no pictures wanted'); }, async *samples() {
  for (let i = 0; i < 20_000; i += 1) {
    const annotations = Array.from({ length: 50 }, (_, j) => ({ ...base, id: i + '-' + j, kind: 'box', label: '类 ' + (j % 80), box: { x: j * 3.123456789, y: i / 7, width: 20.5, height: 30 / (j + 1) } }));
    yield { sha256: String(i).padStart(64, '0'), mime: 'image/jpeg', bytes: 1, width: 1920, height: 1080, name: i + '.jpg', origin: null, quality: null, split: null, complete: false, focus: false, annotations, attributes: {} };
  }
} };
const result = await argus.writeCoco(source, new argus.FolderSink(${out}), { pictures: false });`);
    expect(written).toMatchObject({ images: 20_000, annotations: 1_000_000 });
    const read = await measured(`
const tree = await argus.FolderTree.open(${out});
const result = { images: 0, annotations: 0, last: 0 };
for await (const image of argus.readCoco(tree)) { result.images += 1; result.annotations += image.annotations.length; result.last = image.annotations[49].box.x; }`);
    expect(read).toMatchObject({ images: 20_000, annotations: 1_000_000, last: 49 * 3.123456789 });
    expect(written.rss).toBeLessThanOrEqual(MOST_KB);
    expect(read.rss).toBeLessThanOrEqual(MOST_KB);
  });

  it('an archive of several shards comes in with 512 MB', async () => {
    const shards: string[] = [];
    for (let shard = 0; shard < 4; shard += 1) {
      const tar = pack();
      const file = join(folder, `part-${shard}.tar`);
      const through = pipeline(tar, createWriteStream(file));
      for (let i = 0; i < 300; i += 1) await new Promise<void>((resolve) => void tar.entry({ name: `摄像头 ${shard}/${i}.jpg` }, Buffer.alloc(1_000_000, i), () => resolve()));
      tar.finalize();
      await through;
      shards.push(file);
    }
    const read = await measured(`
const tree = await argus.openFileTree(${JSON.stringify(shards)});
const result = { images: 0, bytes: 0 };
for await (const image of argus.readFolders(tree)) { result.images += 1; result.bytes += (await tree.read(image.path)).length; }
await tree.close();`);
    expect(read).toMatchObject({ images: 1_200, bytes: 1_200_000_000 });
    expect(read.rss).toBeLessThanOrEqual(MOST_KB);
  });
});
