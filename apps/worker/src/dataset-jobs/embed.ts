import { embedMissing, openEmbedder } from './embed-missing.js';
import type { RunKind } from './job-in-hand.js';
import { countSamples } from './set-samples.js';

/** Vectors of all pictures that have none. */
export const embed: RunKind<'embed'> = async (job) => {
  await job.expect(await countSamples(job.work.dataSource, job.datasetId), ['embed']);
  const embedder = await openEmbedder(job, job.options.model);
  const tally = await embedMissing(job, embedder);
  await job.work.vectorsMade(job.datasetId, embedder.name);
  return async () => ({ kind: 'embed', ...tally, model: embedder.name, troubles: job.troubles });
};
