import type { Annotation, BoxPixels, DatasetId, SampleQuality } from '@argus/contracts';
import { annotationsInCrop, regroupCrops } from '@argus/datasets';
import type { EntityManager } from 'typeorm';
import { inheritCameras, putPicture, touchDataset, writePictures } from './change-set.js';
import { inBatches } from './in-batches.js';
import type { JobOf, RunKind } from './job-in-hand.js';
import { newSetOf } from './new-set.js';
import { partName, writePartSample } from './part-samples.js';
import { countSamples, objectsOf, type SetSample } from './set-samples.js';

interface Tally {
  readonly samples: number;
  readonly crops: number;
  readonly boxes: number;
}

/** `made`: null where the crop is the whole picture, which then stays what it is. */
interface Crop {
  readonly crop: BoxPixels;
  readonly annotations: readonly Annotation[];
  readonly made: { readonly sha256: Buffer; readonly thumbnail: Buffer; readonly bytes: number; readonly quality: SampleQuality } | null;
}

interface Cropped {
  readonly sample: SetSample;
  readonly crops: readonly Crop[];
}

/** A new set of crops around groups of neighbours: each object is wholly in one of them. The old set stays as it is. */
export const regroup: RunKind<'regroup'> = async (job) => {
  const { work } = job;
  const to = await newSetOf(job);
  await job.expect(await countSamples(work.dataSource, job.datasetId), ['regroup']);
  const tally = await inBatches<Tally, Cropped>(job, {
    name: 'regroup',
    tally: { samples: 0, crops: 0, boxes: 0 },
    look: (sample) => cropSample(job, sample),
    write: (manager, made, so) => write(manager, job, to, made, so),
  });
  return async () => ({ kind: 'regroup', datasetId: to, ...tally, troubles: job.troubles });
};

async function cropSample(job: JobOf<'regroup'>, sample: SetSample): Promise<Cropped | null> {
  const { reach, margin, ratio } = job.options;
  const objects = objectsOf(sample);
  const groups = regroupCrops(objects.map(({ box }) => box), sample, { reach, margin, ratio, step: 2 });
  const isWhole = ({ width, height }: BoxPixels): boolean => width === sample.width && height === sample.height;
  const parts = groups.filter(({ crop }) => !isWhole(crop)).map(({ crop }) => crop);
  const pictures = parts.length === 0 ? [] : await job.look(sample.sha256.toString('hex'), (content) => job.process.call('crop', { content, parts }, job.signal));
  if (pictures === null || groups.length === 0) return null;
  const crops: Crop[] = [];
  for (const { crop, boxes } of groups) {
    const members = new Set(boxes.map((index) => (objects[index] as Annotation).id));
    const picture = pictures[parts.indexOf(crop)];
    const made = picture && (await putPicture(job.work.shards, picture));
    crops.push({ crop, annotations: annotationsInCrop(sample.annotations, members, crop, sample), made: made ?? null });
  }
  return { sample, crops };
}

async function write(manager: EntityManager, job: JobOf<'regroup'>, to: DatasetId, cropped: readonly Cropped[], tally: Tally): Promise<Tally> {
  if (cropped.length === 0) return tally;
  // Before the rows that name them: a row never names what is not on the disk.
  await job.work.shards.commit();
  await writePictures(manager, cropped.flatMap(({ crops: parts }) => parts.flatMap(({ made, crop: { width, height } }) => (made ? [{ ...made, width, height }] : []))));
  let [crops, boxes] = [0, 0];
  for (const { sample, crops: parts } of cropped) for (const [index, { crop, annotations, made }] of parts.entries()) {
    const part = made ? { sha256: made.sha256, name: partName(sample.name, String(index + 1)), quality: made.quality, made: { crop: { from: sample.sha256.toString('hex'), ...crop } } } : null;
    if (await writePartSample(manager, { from: job.datasetId, to, sample, part, annotations })) crops += 1;
    boxes += annotations.length;
  }
  // Pictures of other cameras may have come into the old set meanwhile.
  await inheritCameras(manager, to, job.datasetId);
  await touchDataset(manager, to);
  return { samples: tally.samples + cropped.length, crops: tally.crops + crops, boxes: tally.boxes + boxes };
}
