import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeArchive } from './archives/archive-process.js';
import { removeHalves } from './archives/half-archive.js';
import type { ExportOrder } from './archives/messages.js';
import type { RunKind } from './job-in-hand.js';

/** One file to take away, of the set as it is now or of a version. After a crash it is gone on with where the set is still the same. */
export const exportSet: RunKind<'export'> = async (job) => {
  const folder = datasetExportFolder(job.work.exportsDir, job.id);
  try {
    const { file, bytes, sha256, count, originals, incomplete, unreviewed } = await writeArchive<ExportOrder>(job, { what: 'export', folder, options: job.options, flushBytes: undefined }, {
      expect: (samples) => job.expect(samples, ['export']),
      pictures: (done) => job.tell(done),
    });
    return async () => {
      await removeHalves(folder);
      return { kind: 'export', file, bytes, sha256, samples: count.images, annotations: count.annotations, originals, incomplete, unreviewed, leftOut: count.leftOut };
    };
  } catch (error) {
    // Whoever has the job now, or gets it again, goes on with what is there.
    if (!job.signal.aborted) await rm(folder, { recursive: true, force: true });
    throw error;
  }
};

/** Where the file of a job lies; nobody else writes there. */
export const datasetExportFolder = (exportsDir: string, jobId: string): string => join(exportsDir, 'datasets', jobId);
