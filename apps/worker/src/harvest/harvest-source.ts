import type { HarvestSets } from './harvest-sets.js';
import type { ClaimedPart, ClaimedRun, PlannedParts } from './harvest-store.js';

/** Where footage comes from. What a run is, and how parts are claimed and kept, is the same for all. */
export interface HarvestSource {
  /** What there is that the recipe has not taken yet, in parts. */
  plan(run: ClaimedRun, sets: HarvestSets): Promise<PlannedParts>;
  /** Works on a part from its cursor on. Aborted: it stops behind what is in hand. */
  work(part: ClaimedPart, signal: AbortSignal): Promise<void>;
  /** Ends its processes; nothing is worked on any more. */
  close(): void;
}
