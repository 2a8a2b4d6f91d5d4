import type { Annotation, Goal, SampleWorth } from '@argus/contracts';
import { estimateLabour, isTruncated, pictureValue, profileOf, type LabourRates } from '@argus/datasets';

/** What is known of a sample that is judged. */
export interface JudgedSample {
  readonly width: number;
  readonly height: number;
  readonly sharpness: number | null;
  readonly brightness: number | null;
  /** Labelled by people, or seen by models; regions to ignore do not count. */
  readonly objects: readonly Pick<Annotation, 'label' | 'box' | 'occluded'>[];
}

/** What a set says of what its pictures are worth. */
export interface Yardstick {
  readonly goal: Goal | null;
  readonly rates: LabourRates;
}

/** What it is worth to label it, by goal and pace of its set. */
export function worthOf(sample: JudgedSample, { goal, rates }: Yardstick): SampleWorth {
  const { objects } = sample;
  const { value, quality } = pictureValue(sample, profileOf(goal));
  const { seconds, valuePerMinute } = estimateLabour(objects.length, value, rates);
  return { quality: objects.length === 0 ? null : quality, seconds, valuePerMinute, truncated: objects.filter(({ box }) => isTruncated(box, sample)).length };
}

const sideOf = ({ box }: JudgedSample['objects'][number]): number => Math.min(box.width, box.height);

/** Orders that go by rules; others by columns. */
export type RankedSort = 'value' | 'quality' | 'least-work' | 'largest-box' | 'smallest-box';

/** What is sorted by, the greatest first; -Infinity: not known, and last. */
export function keyOf(sort: RankedSort, sample: JudgedSample, yardstick: Yardstick): number {
  const { objects } = sample;
  switch (sort) {
    case 'value':
      return worthOf(sample, yardstick).valuePerMinute;
    case 'quality':
      return worthOf(sample, yardstick).quality ?? -Infinity;
    case 'least-work':
      return -worthOf(sample, yardstick).seconds;
    case 'largest-box':
      return Math.max(...objects.map(sideOf));
    case 'smallest-box':
      return -Math.min(...objects.map(sideOf));
  }
}
