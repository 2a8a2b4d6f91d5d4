import type { HarvestSource } from './harvest-source.js';
import { planCameras } from './plan-cameras.js';
import { ReaderPool } from './reader-pool.js';
import { runPart, type PartWork } from './run-part.js';
import { SegmentExtractor } from './segment-extractor.js';

/** Recorded footage of cameras. */
export function cameraSource(work: Omit<PartWork, 'extractor' | 'threads'>): HarvestSource {
  const extractors = new ReaderPool(() => new SegmentExtractor());
  return {
    plan: (run, sets) => planCameras(run, sets, work.dataSource),
    work: (part, signal) => extractors.use((extractor) => runPart(part, { ...work, extractor, threads: 1 }, signal)),
    close: () => extractors.close(),
  };
}
