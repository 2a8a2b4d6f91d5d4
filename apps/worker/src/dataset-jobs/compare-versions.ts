import type { Sample } from '@argus/contracts';
import { sampleDigest, type SampleSource } from '@argus/datasets';
import type { JobOf, ResultOf, RunKind } from './job-in-hand.js';
import { openVersion } from './sealed-version.js';
import { ALL, SetSnapshot } from './set-snapshot.js';

type Compared = ResultOf<'compare-versions'>;
type Difference = Compared['list'][number]['what'];

const MOST_LISTED = 300;
const MOST_LABELS = 500;

/** What was added, removed and changed between two versions, or since one: both are gone through at once, in the order of digests. */
export const compareVersions: RunKind<'compare-versions'> = async (job) => {
  const { from, to } = job.options;
  const before = await openVersion(job, from);
  try {
    const after = to === null ? await SetSnapshot.take(job.work.dataSource, job.datasetId, ALL, (sha256) => job.work.samples.read(sha256), job.signal) : await openVersion(job, to);
    try {
      const total = before.manifest.counts.samples + (after instanceof SetSnapshot ? after.count : after.manifest.counts.samples);
      const compared = await compare(job, before, after, total);
      return async () => compared;
    } finally {
      await after.close();
    }
  } finally {
    await before.close();
  }
};

async function compare(job: JobOf<'compare-versions'>, before: SampleSource, after: SampleSource, total: number): Promise<Compared> {
  const labels = new Map<string, { before: number; after: number }>();
  const counts = { added: 0, removed: 0, changed: 0 };
  const samples = { before: 0, after: 0 };
  const list: { sha256: string; what: Difference }[] = [];
  job.expectPictures(total, 0);
  for await (const [old, now] of pairs(before.samples(), after.samples())) {
    job.signal.throwIfAborted();
    if (old) samples.before += tally(labels, old, 'before');
    if (now) samples.after += tally(labels, now, 'after');
    const what = difference(old, now);
    if (what !== null) {
      counts[what] += 1;
      if (list.length < MOST_LISTED) list.push({ sha256: ((now ?? old) as Sample).sha256, what });
    }
    await job.tell(samples.before + samples.after);
  }
  const others = [...labels].filter(([, count]) => count.before !== count.after).map(([label, count]) => ({ label, ...count }));
  others.sort((a, b) => Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || (a.label < b.label ? -1 : 1));
  return { kind: 'compare-versions', from: job.options.from, to: job.options.to, samples, ...counts, list, labels: others.slice(0, MOST_LABELS) };
}

function difference(old: Sample | null, now: Sample | null): Difference | null {
  if (old === null) return 'added';
  if (now === null) return 'removed';
  return sampleDigest(old) === sampleDigest(now) ? null : 'changed';
}

function tally(labels: Map<string, { before: number; after: number }>, { annotations }: Sample, side: 'before' | 'after'): 1 {
  for (const { label } of annotations) {
    const count = labels.get(label) ?? { before: 0, after: 0 };
    count[side] += 1;
    labels.set(label, count);
  }
  return 1;
}

/** Of two lists in the order of digests, what is of the same picture together. */
async function* pairs(left: AsyncIterable<Sample>, right: AsyncIterable<Sample>): AsyncGenerator<readonly [Sample | null, Sample | null]> {
  const [lefts, rights] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()];
  let [one, other] = [await lefts.next(), await rights.next()];
  while (!one.done || !other.done) {
    const isLeft = !one.done && (other.done || one.value.sha256 <= other.value.sha256);
    const isRight = !other.done && (one.done || other.value.sha256 <= one.value.sha256);
    yield [isLeft ? (one.value as Sample) : null, isRight ? (other.value as Sample) : null];
    if (isLeft) one = await lefts.next();
    if (isRight) other = await rights.next();
  }
}
