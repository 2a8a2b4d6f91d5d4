import type { DatasetId, SampleQuality } from '@argus/contracts';
import { storedPhash } from '@argus/database';
import type { EntityManager } from 'typeorm';
import { inheritCameras, putPicture, touchDataset, writePictures } from './change-set.js';
import { inBatches } from './in-batches.js';
import type { JobOf, RunKind } from './job-in-hand.js';
import { newSetOf } from './new-set.js';
import { countSamples, objectsOf, type SetSample } from './set-samples.js';

interface Tally {
  readonly samples: number;
  readonly regions: number;
}

interface Redacted {
  readonly source: Buffer;
  readonly sha256: Buffer;
  readonly thumbnail: Buffer;
  readonly bytes: number;
  readonly width: number;
  readonly height: number;
  readonly name: string;
  readonly quality: SampleQuality;
  readonly regions: number;
}

/** Finds the joints of a person. */
const JOINTS = 'movenet-posture-192';

/**
 * Where it was taken and what is in it stays; what names the picture it was made of, or holds it, does not: neither its digest nor what a format said of it. A
 * picture without privacy masks stays one for those who may see such.
 */
const SAMPLE = `
  INSERT INTO dataset_samples (dataset_id, sha256, name, group_name, camera_id, video, frame_index, pts_us, wall_at, time_zone, tz_version, is_original, sharpness, brightness, phash, split, complete, focus, annotations, labels, attributes, added_at)
  SELECT $1, $4, $5, group_name, camera_id, video, frame_index, pts_us, wall_at, time_zone, tz_version, is_original, $6, $7, $8, split, complete, focus, annotations, labels, '{}', now()
  FROM dataset_samples WHERE dataset_id = $2 AND sha256 = $3 AND removed_at IS NULL ON CONFLICT DO NOTHING RETURNING 1`;

/** A new set of new pictures in which heads and chosen things are covered. The old set stays as it is. */
export const redact: RunKind<'redact'> = async (job) => {
  const { options, work } = job;
  const detector = (await work.models.require(options.model, 'detect')).path;
  const joints = options.heads ? (await work.models.require(JOINTS, 'classify')).path : null;
  const to = await newSetOf(job);
  await job.expect(await countSamples(work.dataSource, job.datasetId), ['redact']);
  const tally = await inBatches<Tally, Redacted>(job, {
    name: 'redact',
    tally: { samples: 0, regions: 0 },
    look: (sample) => redactSample(job, sample, detector, joints),
    write: (manager, made, so) => write(manager, job, to, made, so),
  });
  return async () => ({ kind: 'redact', datasetId: to, ...tally, troubles: job.troubles });
};

async function redactSample(job: JobOf<'redact'>, sample: SetSample, detector: string, joints: string | null): Promise<Redacted | null> {
  const { minScore, tiling, labels, how } = job.options;
  const labelled = objectsOf(sample).map(({ label, box }) => ({ label, box }));
  const made = await job.look(sample.sha256.toString('hex'), (content) => job.process.call('redact', { content, detector, minScore, tiling, joints, labels, labelled, how }, job.signal));
  if (made === null) return null;
  const { width, height, regions } = made;
  return { source: sample.sha256, ...(await putPicture(job.work.shards, made)), width, height, name: sample.name.replace(/(\.[A-Za-z0-9]{1,5})?$/, '.jpg').slice(-300), regions: regions.length };
}

async function write(manager: EntityManager, job: JobOf<'redact'>, to: DatasetId, made: readonly Redacted[], tally: Tally): Promise<Tally> {
  if (made.length === 0) return tally;
  // Before the rows that name them: a row never names what is not on the disk.
  await job.work.shards.commit();
  let samples = 0;
  await writePictures(manager, made);
  for (const { source, sha256, name, quality } of made) {
    const rows = (await manager.query(SAMPLE, [to, job.datasetId, source, sha256, name, quality.sharpness, quality.brightness, storedPhash(quality.phash)])) as unknown[];
    samples += rows.length;
  }
  // Pictures of other cameras may have come into the old set meanwhile.
  await inheritCameras(manager, to, job.datasetId);
  await touchDataset(manager, to);
  return { samples: tally.samples + samples, regions: tally.regions + made.reduce((sum, { regions }) => sum + regions, 0) };
}
