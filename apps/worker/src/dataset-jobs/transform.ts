import type { Annotation, DatasetId, SampleQuality, SizePixels } from '@argus/contracts';
import { areaFlaw, quadOfArea, quadSize, type Quad } from '@argus/geometry';
import type { EntityManager } from 'typeorm';
import { PictureTroubleError } from '../errors.js';
import { inheritCameras, putPicture, touchDataset, writePictures } from './change-set.js';
import { BATCH, BATCH_MS } from './in-batches.js';
import type { JobOf, ResultOf, RunKind } from './job-in-hand.js';
import { partName, writePartSample } from './part-samples.js';
import { findSample, type SetSample } from './set-samples.js';

type Tally = Pick<ResultOf<'transform'>, 'samples' | 'known' | 'annotations' | 'leftOut' | 'made'>;
type Part = JobOf<'transform'>['options']['parts'][number];

/** How many parts are done, and what came of them. */
interface Place {
  readonly next: number;
  readonly tally: Tally;
}

interface Transformed extends SizePixels {
  readonly sample: SetSample;
  readonly quad: Quad;
  readonly sha256: Buffer;
  readonly thumbnail: Buffer;
  readonly bytes: number;
  readonly quality: SampleQuality;
  readonly annotations: readonly Annotation[];
  readonly leftOut: number;
}

/** New samples of parts of others, beside them or in another set. The old ones stay as they are. */
export const transform: RunKind<'transform'> = async (job) => {
  const { parts, target } = job.options;
  const to = target.kind === 'copy' ? target.into : job.datasetId;
  let { next, tally } = job.placeOf<Place>('transform') ?? { next: 0, tally: { samples: 0, known: 0, annotations: 0, leftOut: 0, made: [] } };
  job.expectPictures(parts.length, next);
  while (next < parts.length) {
    const begin = next;
    const made: Transformed[] = [];
    const endMs = job.work.clock.monotonicMs() + BATCH_MS;
    do {
      const one = await transformPart(job, parts[next] as Part);
      if (one !== null) made.push(one);
      next += 1;
    } while (next < parts.length && next - begin < BATCH && job.work.clock.monotonicMs() < endMs);
    tally = await job.keep('transform', next - begin, async (manager) => {
      const written = await write(manager, job, to, made, tally);
      return { place: { next, tally: written } satisfies Place, answer: written };
    });
  }
  return async () => ({ kind: 'transform', datasetId: to, ...tally, troubles: job.troubles });
};

async function transformPart(job: JobOf<'transform'>, { sha256, area }: Part): Promise<Transformed | null> {
  const { size: wanted, ratio, boxes, leastVisible } = job.options;
  const found = await job.ask(sha256, () => requirePart(job, sha256, area));
  if (found === null) return null;
  const { sample, quad } = found;
  const size = quadSize(quad, { size: wanted, ratio });
  const { width, height, annotations } = sample;
  const picture = await job.look(sha256, (content) => job.process.call('warp', { content, picture: { width, height }, quad, size, annotations, boxes, leastVisible }, job.signal));
  if (picture === null) return null;
  return { sample, quad, ...size, ...(await putPicture(job.work.shards, picture)), annotations: picture.annotations, leftOut: picture.leftOut };
}

/** As the gateway found it when the job was begun; it may be gone meanwhile. */
async function requirePart(job: JobOf<'transform'>, sha256: string, area: Part['area']): Promise<{ sample: SetSample; quad: Quad }> {
  const sample = await findSample(job.work.dataSource, job.datasetId, sha256);
  if (sample === null) throw new PictureTroubleError('it is not in the set any more');
  const quad = quadOfArea(area, sample);
  const flaw = areaFlaw(quad, sample, job.options);
  if (flaw !== null) throw new PictureTroubleError(`no picture can be made of the area (${flaw})`);
  return { sample, quad };
}

async function write(manager: EntityManager, job: JobOf<'transform'>, to: DatasetId, made: readonly Transformed[], tally: Tally): Promise<Tally> {
  if (made.length === 0) return tally;
  // Before the rows that name them: a row never names what is not on the disk.
  await job.work.shards.commit();
  await writePictures(manager, made);
  let { samples, known, annotations, leftOut } = tally;
  const names = [...tally.made];
  for (const one of made) {
    const [from, sha256] = [one.sample.sha256.toString('hex'), one.sha256.toString('hex')];
    const how = { from, corners: one.quad.map(({ x, y }) => ({ x, y })), width: one.width, height: one.height };
    const part = { sha256: one.sha256, name: partName(one.sample.name, sha256.slice(0, 8)), quality: one.quality, made: { transform: how } };
    if (await writePartSample(manager, { from: job.datasetId, to, sample: one.sample, part, annotations: one.annotations })) {
      names.push({ from, sha256 });
      samples += 1;
      annotations += one.annotations.length;
      leftOut += one.leftOut;
    } else known += 1;
  }
  // Pictures of other cameras may have come into the old set meanwhile.
  if (to !== job.datasetId) await inheritCameras(manager, to, job.datasetId);
  await touchDataset(manager, to);
  return { samples, known, annotations, leftOut, made: names };
}
