import { createHash } from 'node:crypto';
import type { Annotation } from '@argus/contracts';
import { inBatches } from './in-batches.js';
import type { JobInHand } from './job-in-hand.js';
import { objectsOf, type SetSample } from './set-samples.js';

/** The shipped detector, whose third stage tells scenes apart. */
const MODEL = 'nanodet-g-416';
/** Of the whole picture. */
export const WHOLE = Buffer.alloc(0);
/** What one step of an int8 is. */
const SCALE = 1 / 127;

export interface Embedder {
  readonly path: string;
  /** Of the vectors. */
  readonly name: string;
  readonly dims: number;
}

interface Made {
  readonly sha256: Buffer;
  readonly boxes: Buffer;
  readonly vector: Int8Array;
}

export interface EmbedTally {
  readonly embedded: number;
  readonly known: number;
}

const KNOWN = `SELECT boxes FROM sample_embeddings WHERE sha256 = $1 AND model = $2 AND boxes = ANY ($3)`;
const INSERT = `INSERT INTO sample_embeddings (sha256, model, boxes, vector, scale) SELECT given.sha256, $1, given.boxes, given.vector, $2 FROM unnest($3::bytea[], $4::bytea[], $5::bytea[]) AS given (sha256, boxes, vector) ON CONFLICT DO NOTHING`;

export async function openEmbedder(job: JobInHand): Promise<Embedder> {
  const { path } = await job.work.models.require(MODEL, 'detect');
  return { path, ...(await job.process.call('embedder', path, job.signal)) };
}

/** Which boxes are covered in the background of a sample: the same ones, in whatever order, the same name; null: there are none. */
export function boxesDigest(annotations: readonly Pick<Annotation, 'box'>[]): Buffer | null {
  if (annotations.length === 0) return null;
  const places = annotations.map(({ box: { x, y, width, height } }) => [x, y, width, height].map((value) => Math.round(value)).join(' ')).sort();
  return createHash('sha256').update(places.join('\n')).digest();
}

/** Vectors of all samples that have none, of the whole picture and of its background. */
export function embedMissing(job: JobInHand, embedder: Embedder): Promise<EmbedTally> {
  return inBatches<EmbedTally, readonly Made[]>(job, {
    name: 'embed',
    tally: { embedded: 0, known: 0 },
    look: (sample) => embed(job, embedder, sample),
    async write(manager, pictures, { embedded, known }) {
      const made = pictures.flat();
      const column = <Value>(value: (one: Made) => Value): Value[] => made.map(value);
      if (made.length > 0) await manager.query(INSERT, [embedder.name, SCALE, column((one) => one.sha256), column((one) => one.boxes), column((one) => Buffer.from(one.vector.buffer, one.vector.byteOffset, one.vector.byteLength))]);
      return { embedded: embedded + pictures.filter((one) => one.length > 0).length, known: known + pictures.filter((one) => one.length === 0).length };
    },
  });
}

/** null: it could not be read; none: they are there. */
async function embed(job: JobInHand, { path, name }: Embedder, sample: SetSample): Promise<Made[] | null> {
  const objects = objectsOf(sample);
  const background = boxesDigest(objects);
  const rows = (await job.work.dataSource.query(KNOWN, [sample.sha256, name, background ? [WHOLE, background] : [WHOLE]])) as { boxes: Buffer }[];
  const isMissing = (boxes: Buffer): boolean => !rows.some((row) => row.boxes.equals(boxes));
  const [whole, covered] = [isMissing(WHOLE), background !== null && isMissing(background)];
  if (!whole && !covered) return [];
  const made = await job.look(sample.sha256.toString('hex'), (content) => job.process.call('embed', { content, model: path, whole, boxes: covered ? objects.map(({ box }) => box) : null }, job.signal));
  if (made === null) return null;
  return [
    ...(made.whole === null ? [] : [{ sha256: sample.sha256, boxes: WHOLE, vector: made.whole }]),
    ...(made.background === null || background === null ? [] : [{ sha256: sample.sha256, boxes: background, vector: made.background }]),
  ];
}
