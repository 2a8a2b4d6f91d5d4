import { storedPhash } from '@argus/database';
import { inBatches } from './in-batches.js';
import type { JobInHand } from './job-in-hand.js';
import type { SetSample } from './set-samples.js';

/** Digests of pixels where they are asked for, and how good pictures are where nobody has measured it: of footage it is known, of what came from elsewhere not. */
export async function measureMissing(job: JobInHand, wants: 'rgb' | 'quality'): Promise<void> {
  const isMissing = ({ rgb, phash, sharpness }: SetSample): boolean => (wants === 'rgb' && rgb === null) || phash === null || sharpness === null;
  await inBatches(job, {
    name: 'measure',
    tally: null,
    async look(sample) {
      if (!isMissing(sample)) return null;
      const measured = await job.look(sample.sha256.toString('hex'), (content) => job.process.call('measure', content, job.signal));
      return measured && { sha256: sample.sha256, ...measured };
    },
    async write(manager, made) {
      for (const { sha256, rgb, quality } of made) {
        await manager.query('UPDATE pictures SET rgb = $2 WHERE sha256 = $1 AND rgb IS NULL', [sha256, Buffer.from(rgb, 'hex')]);
        await manager.query('UPDATE dataset_samples SET sharpness = $3, brightness = $4, phash = $5 WHERE dataset_id = $1 AND sha256 = $2 AND (phash IS NULL OR sharpness IS NULL)', [job.datasetId, sha256, quality.sharpness, quality.brightness, storedPhash(quality.phash)]);
      }
      return null;
    },
  });
}
