import type { Vectors } from '@argus/datasets';
import { boxesDigest, WHOLE, type Embedder } from './embed-missing.js';
import type { JobInHand } from './job-in-hand.js';
import { allSamples, objectsOf, type SetSample } from './set-samples.js';

/** The samples of a set that have vectors, by group and time as far as they are known, and their vectors in the same order. */
export interface SetVectors {
  readonly samples: readonly SetSample[];
  readonly wholes: Vectors;
  /** Of the picture without its objects; where it has none, of the picture. */
  readonly backgrounds: Vectors;
  /** Group of each row, numbered from 0. */
  readonly groups: Int32Array;
  readonly groupNames: readonly string[];
}

const PAGE = 1000;
const VECTORS = `SELECT sha256, boxes, vector FROM sample_embeddings WHERE sha256 = ANY ($1) AND model = $2`;

export async function loadVectors(job: JobInHand, { name, dims }: Embedder): Promise<SetVectors> {
  const { samples, wholes, backgrounds } = { samples: [] as SetSample[], wholes: [] as Int8Array[], backgrounds: [] as Int8Array[] };
  let page: SetSample[] = [];
  const load = async (): Promise<void> => {
    const found = await vectorsOf(job, page, name, dims);
    for (const [index, vectors] of found.entries()) {
      if (!vectors) continue;
      samples.push(page[index] as SetSample);
      wholes.push(vectors.whole);
      backgrounds.push(vectors.background);
    }
    page = [];
  };
  for await (const sample of allSamples(job.work.dataSource, job.datasetId)) {
    page.push(sample);
    if (page.length >= PAGE) await load();
  }
  await load();
  const order = [...samples.keys()].sort((a, b) => compare((samples[a] as SetSample).group, (samples[b] as SetSample).group) || a - b);
  const sorted = order.map((row) => samples[row] as SetSample);
  const groupNames = [...new Set(sorted.map(({ group }) => group))];
  const numbers = new Map(groupNames.map((group, index) => [group, index]));
  return { samples: sorted, wholes: joined(order, wholes, dims), backgrounds: joined(order, backgrounds, dims), groups: Int32Array.from(sorted, ({ group }) => numbers.get(group) as number), groupNames };
}

async function vectorsOf(job: JobInHand, page: readonly SetSample[], name: string, dims: number): Promise<({ whole: Int8Array; background: Int8Array } | null)[]> {
  if (page.length === 0) return [];
  const rows = (await job.work.dataSource.query(VECTORS, [page.map(({ sha256 }) => sha256), name])) as { sha256: Buffer; boxes: Buffer; vector: Buffer }[];
  const known = new Map(rows.filter(({ vector }) => vector.byteLength === dims).map(({ sha256, boxes, vector }) => [keyOf(sha256, boxes), Int8Array.from(vector, (byte) => (byte << 24) >> 24)]));
  return page.map((sample) => {
    const whole = known.get(keyOf(sample.sha256, WHOLE));
    const boxes = boxesDigest(objectsOf(sample));
    return whole ? { whole, background: (boxes && known.get(keyOf(sample.sha256, boxes))) ?? whole } : null;
  });
}

const keyOf = (sha256: Buffer, boxes: Buffer): string => `${sha256.toString('hex')} ${boxes.toString('hex')}`;
/** The same on every machine, whatever its language. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function joined(order: readonly number[], rows: readonly Int8Array[], dims: number): Vectors {
  const data = new Int8Array(order.length * dims);
  for (const [at, row] of order.entries()) data.set(rows[row] as Int8Array, at * dims);
  return { data, dims };
}
