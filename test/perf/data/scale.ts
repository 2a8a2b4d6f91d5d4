import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { ARCHIVE_FLAGS } from '../../../apps/worker/dist/dataset-jobs/archives/archive-flags.js';
import { atMost, type Report } from '../measure/report.ts';
import { median, percentile } from '../measure/statistics.ts';

const IMAGES = 1_000_000;
const PROCESS = fileURLToPath(new URL('./scale-process.ts', import.meta.url));
const MB = 2 ** 20;

interface Step {
  readonly rssBytes: number;
}
interface Steps {
  readonly write: Step & { readonly ms: number; readonly boxes: number };
  readonly read: Step & { readonly openMs: number; readonly questions: readonly { readonly name: string; readonly ms: number; readonly cpuMs: number; readonly found: number }[] };
  readonly coco: Step & { readonly ms: number; readonly images: number; readonly boxes: number; readonly bytes: number };
  readonly shards: Step;
  readonly store: Step & { readonly openMs: number; readonly size: number; readonly reads: readonly number[] };
  readonly matrix: Step & { readonly listMs: number; readonly sets: number; readonly adds: readonly number[] };
}

/** A set of a million pictures and ten million boxes: to open, to ask, to read from; a matrix of ten thousand sets. */
export async function scale({ quick }: { readonly quick: boolean }): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'argus-scale-'));
  const images = quick ? IMAGES / 10 : IMAGES;
  const run = async <Name extends keyof Steps>(step: Name, flags: readonly string[] = []): Promise<Steps[Name]> => {
    const { stdout } = await promisify(execFile)(process.execPath, [...flags, PROCESS, step, folder, String(images)], { maxBuffer: 64 * MB });
    return JSON.parse(stdout) as Steps[Name];
  };
  try {
    const write = await run('write');
    const read = await run('read');
    const coco = await run('coco', ARCHIVE_FLAGS);
    await run('shards');
    const store = await run('store');
    const matrix = await run('matrix');
    return reportOf(images, statSync(join(folder, 'large.imgdataset')).size, { write, read, coco, store, matrix });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportOf(images: number, bytes: number, { write, read, coco, store, matrix }: Omit<Steps, 'shards'>): Report {
  const rows = [
    ['write, seal and read back', write.ms, write.rssBytes / MB],
    ['open', read.openMs, read.rssBytes / MB],
    ...read.questions.flatMap(({ name, ms, cpuMs, found }) => [[`find ${found} by ${name}`, ms, null], ['  of processor time', cpuMs, null]] as const),
    [`COCO of ${coco.boxes} boxes, ${(coco.bytes / MB).toFixed(0)} MB`, coco.ms, coco.rssBytes / MB],
    [`open a store of ${store.size} pictures`, store.openMs, store.rssBytes / MB],
    ['read a picture of 200 kB, median', median(store.reads), null],
    [`list a matrix of ${matrix.sets} sets`, matrix.listMs, matrix.rssBytes / MB],
    ['add a set to it, median of the last thousand', median(matrix.adds.slice(-1000)), null],
    ['of the first thousand', median(matrix.adds.slice(0, 1000)), null],
  ] as const;
  return {
    benchmark: 'scale',
    targets: [
      atMost('open', read.openMs, 2000, ' ms'),
      atMost('slowest question', Math.max(...read.questions.map(({ ms }) => ms)), 1000, ' ms'),
      atMost('memory to open and ask', read.rssBytes / MB, 1024, ' MB'),
      atMost('memory to write', write.rssBytes / MB, 1024, ' MB'),
      atMost('memory to export COCO', coco.rssBytes / MB, 512, ' MB'),
      atMost('read a picture, p95', percentile(store.reads, 0.95), 10, ' ms'),
      atMost('list ten thousand sets', matrix.listMs, 1000, ' ms'),
    ],
    tables: [{ title: `Scale: ${images} pictures, ${write.boxes} boxes, ${(bytes / MB).toFixed(0)} MB of tables`, head: ['what', 'ms', 'largest memory, MB'], rows }],
    notes: [`COCO: with ${ARCHIVE_FLAGS.join(' ')}, as the worker begins the process for it`, 'each step in a process of its own; memory is the largest of the whole process', 'shards are files with holes: a read costs the call and the copy, not the disk', 'tables were just written: they are in memory'],
    figures: { images, bytes, write, read, coco, store: { openMs: store.openMs, rssBytes: store.rssBytes, readP95Ms: percentile(store.reads, 0.95) }, matrix: { listMs: matrix.listMs } },
  };
}
