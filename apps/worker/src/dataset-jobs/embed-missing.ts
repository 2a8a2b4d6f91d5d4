import { createHash } from 'node:crypto';
import type { Annotation } from '@argus/contracts';
import { inBatches } from './in-batches.js';
import type { JobInHand } from './job-in-hand.js';
import { objectsOf, type SetSample } from './set-samples.js';
import type { KeptVector } from './child/embed-picture.js';

/** The shipped detector, whose third stage tells scenes apart. */
export const SCENES_MODEL = 'nanodet-g-416';
/** Of the whole picture. */
export const WHOLE = Buffer.alloc(0);

export interface Embedder {
  readonly path: string;
  /** Of the vectors. */
  readonly name: string;
  readonly dims: number;
  /** Also of the picture without its objects. */
  readonly hasBackgrounds: boolean;
}

interface Made extends KeptVector {
  readonly sha256: Buffer;
  readonly boxes: Buffer;
}

export interface EmbedTally {
  readonly embedded: number;
  readonly known: number;
}

const KNOWN = `SELECT boxes FROM sample_embeddings WHERE sha256 = $1 AND model = $2 AND boxes = ANY ($3)`;
const INSERT = `INSERT INTO sample_embeddings (sha256, model, boxes, vector, scale) SELECT given.sha256, $1, given.boxes, given.vector, given.scale FROM unnest($2::bytea[], $3::bytea[], $4::bytea[], $5::real[]) AS given (sha256, boxes, vector, scale) ON CONFLICT DO NOTHING`;

/** `model`: an installed embedder; null: the features of the shipped detector. */
export async function openEmbedder(job: JobInHand, model: string | null = null): Promise<Embedder> {
  const { path } = model === null ? await job.work.models.require(SCENES_MODEL, 'detect') : await job.work.models.require(model, 'embed');
  return { path, hasBackgrounds: model === null, ...(await job.process.call('embedder', path, job.signal)) };
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
      if (made.length > 0) await manager.query(INSERT, [embedder.name, column((one) => one.sha256), column((one) => one.boxes), column(({ numbers }) => Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength)), column((one) => one.scale)]);
      return { embedded: embedded + pictures.filter((one) => one.length > 0).length, known: known + pictures.filter((one) => one.length === 0).length };
    },
  });
}

/** null: it could not be read; none: they are there. */
async function embed(job: JobInHand, { path, name, hasBackgrounds }: Embedder, sample: SetSample): Promise<Made[] | null> {
  const objects = objectsOf(sample);
  const background = hasBackgrounds ? boxesDigest(objects) : null;
  const rows = (await job.work.dataSource.query(KNOWN, [sample.sha256, name, background ? [WHOLE, background] : [WHOLE]])) as { boxes: Buffer }[];
  const isMissing = (boxes: Buffer): boolean => !rows.some((row) => row.boxes.equals(boxes));
  const [whole, covered] = [isMissing(WHOLE), background !== null && isMissing(background)];
  if (!whole && !covered) return [];
  const made = await job.look(sample.sha256.toString('hex'), (content) => job.process.call('embed', { content, model: path, whole, boxes: covered ? objects.map(({ box }) => box) : null }, job.signal));
  if (made === null) return null;
  return [
    ...(made.whole === null ? [] : [{ sha256: sample.sha256, boxes: WHOLE, ...made.whole }]),
    ...(made.background === null || background === null ? [] : [{ sha256: sample.sha256, boxes: background, ...made.background }]),
  ];
}
