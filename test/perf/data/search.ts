import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { atLeast, atMost, type Report } from '../measure/report.ts';
import { median, percentile } from '../measure/statistics.ts';

const PROCESS = fileURLToPath(new URL('./search-process.ts', import.meta.url));
const VECTORS = 1_000_000;
/** As long as those of CLIP ViT-B. */
const DIMS = 512;
/** The plain loop holds its vectors as floats in memory: of a tenth of them it is measured, and counted ten times. */
const PLAIN_SHARE = 10;
const MB = 2 ** 20;

interface Steps {
  readonly write: { readonly bytes: number };
  readonly rank: { readonly first: readonly number[]; readonly next: readonly number[]; readonly among: readonly number[]; readonly rssBytes: number; readonly grownBytes: number };
  readonly plain: { readonly times: readonly number[]; readonly shared: readonly number[] };
}

/** The most similar hundred of a million vectors, beside a plain loop over floats. */
export async function search({ quick }: { readonly quick: boolean }): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'argus-search-'));
  const vectors = quick ? VECTORS / 10 : VECTORS;
  const run = async <Name extends keyof Steps>(step: Name, count: number): Promise<Steps[Name]> => {
    const { stdout } = await promisify(execFile)(process.execPath, [PROCESS, step, join(folder, 'vectors'), String(count), String(DIMS)]);
    return JSON.parse(stdout) as Steps[Name];
  };
  try {
    const { bytes } = await run('write', vectors);
    const rank = await run('rank', vectors);
    const plain = await run('plain', vectors / PLAIN_SHARE);
    return reportOf(vectors, bytes, rank, plain);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function reportOf(vectors: number, bytes: number, { first, next, among, rssBytes, grownBytes }: Steps['rank'], plain: Steps['plain']): Report {
  const plainMs = median(plain.times) * PLAIN_SHARE;
  const ratio = plainMs / median(first);
  const shared = plain.shared.reduce((sum, value) => sum + value, 0) / plain.shared.length;
  return {
    benchmark: 'search',
    targets: [atMost('first page, p95', percentile(first, 0.95), 500, ' ms'), atMost('second page, p95', percentile(next, 0.95), 500, ' ms'), atMost('memory that it takes', grownBytes / MB, 128, ' MB'), atLeast('of the best 50 by floats', shared, 0.9)],
    tables: [
      {
        title: `Search: the best 100 of ${vectors} vectors of ${DIMS} numbers, ${(bytes / MB).toFixed(0)} MB`,
        head: ['what', 'ms, median', 'ms, p95'],
        rows: [
          ['first page', median(first), percentile(first, 0.95)],
          ['second page', median(next), percentile(next, 0.95)],
          ['first page among 20,000 of them', median(among), percentile(among, 0.95)],
          ['a plain loop over floats in memory', plainMs, null],
          ['  so many times as long', ratio, null],
        ],
      },
    ],
    notes: [`memory of the process that searches: ${(rssBytes / MB).toFixed(0)} MB, of which ${(grownBytes / MB).toFixed(0)} MB for searching`, `the plain loop: of a tenth of the vectors, times ${PLAIN_SHARE}`, 'the file was just written: it is in the cache of the system'],
    figures: { vectors, dims: DIMS, bytes, firstMs: median(first), firstP95Ms: percentile(first, 0.95), nextP95Ms: percentile(next, 0.95), amongMs: median(among), plainMs, ratio, sharedOf50: shared, rssBytes, grownBytes },
  };
}
