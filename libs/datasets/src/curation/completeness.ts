import { boxCoverage, boxIou } from '@argus/geometry';
import type { ObjectBox } from './quality.js';

export interface ScoredBox {
  readonly label: string;
  readonly score: number;
  readonly box: ObjectBox;
}

export interface CompletenessOptions {
  /** Detections below it say nothing. Default 0.5. */
  readonly leastScore?: number;
  /** From this overlap on a detection is a labelled thing. Default 0.4: less than is usual for finding, since a doubtful one costs a glance. */
  readonly overlap?: number;
  /** Labels that are to be labelled in this set; none given: all. */
  readonly labels?: readonly string[];
}

/**
 * What a detector sees and nobody labelled, the surest first: an object without a label teaches that it is background. Whatever lies mostly in an ignored
 * area is left alone, and so is a second box of the same thing.
 */
export function findUnlabelled(labelled: readonly ObjectBox[], ignored: readonly ObjectBox[], detections: readonly ScoredBox[], options: CompletenessOptions = {}): ScoredBox[] {
  const { leastScore = 0.5, overlap = 0.4, labels = [] } = options;
  const found: ScoredBox[] = [];
  const candidates = detections.filter(({ score, label }) => score >= leastScore && (labels.length === 0 || labels.includes(label))).toSorted((a, b) => b.score - a.score);
  for (const candidate of candidates) {
    const isKnown = [...labelled, ...found.map(({ box }) => box)].some((box) => boxIou(box, candidate.box) >= overlap);
    if (!isKnown && !ignored.some((box) => boxCoverage(candidate.box, box) >= 0.5)) found.push(candidate);
  }
  return found;
}
