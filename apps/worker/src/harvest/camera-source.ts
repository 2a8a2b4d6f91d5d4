import type { HarvestSource } from './harvest-source.js';
import { planCameras } from './plan-cameras.js';
import { runPart, type PartWork } from './run-part.js';
import { SegmentExtractor } from './segment-extractor.js';

/** Recorded footage of cameras. */
export function cameraSource(work: Omit<PartWork, 'extractor' | 'threads'>): HarvestSource {
  const free: SegmentExtractor[] = [];
  return {
    plan: (run, datasetId) => planCameras(run, datasetId, work.dataSource),
    async work(part, signal) {
      const extractor = free.pop() ?? new SegmentExtractor();
      try {
        await runPart(part, { ...work, extractor, threads: 1 }, signal);
      } finally {
        free.push(extractor);
      }
    },
    close() {
      for (const extractor of free) extractor.close();
    },
  };
}
