import type { EntityManager } from 'typeorm';
import type { JobInHand } from './job-in-hand.js';
import { samplesAfter, type SetSample } from './set-samples.js';

/** Some seconds of work: so much is done again after a crash. */
const BATCH = 16;

/** Where a phase is, and what it has found out so far. */
export interface PhasePlace<Tally> {
  readonly seq: string;
  readonly tally: Tally;
}

export interface Phase<Tally, Made> {
  /** In the cursor. */
  readonly name: string;
  readonly tally: Tally;
  /** Looks at one sample; null: there is nothing to be written. */
  readonly look: (sample: SetSample) => Promise<Made | null>;
  /** Writes what was made, in the transaction that moves the cursor behind it. Answers the tally with it. */
  readonly write: (manager: EntityManager, made: readonly Made[], tally: Tally) => Promise<Tally>;
}

/** Goes through the samples of a set, each batch with its rows and the cursor at once. After a crash it goes on behind the last one. */
export async function inBatches<Tally, Made>(job: JobInHand, { name, tally: empty, look, write }: Phase<Tally, Made>): Promise<Tally> {
  let { seq, tally } = job.placeOf<PhasePlace<Tally>>(name) ?? { seq: '0', tally: empty };
  for (;;) {
    const samples = await samplesAfter(job.work.dataSource, job.datasetId, seq, BATCH);
    const last = samples.at(-1);
    if (!last) return tally;
    const made: Made[] = [];
    for (const sample of samples) {
      const one = await look(sample);
      if (one !== null) made.push(one);
    }
    tally = await job.keep(name, samples.length, async (manager) => {
      const now = await write(manager, made, tally);
      return { place: { seq: last.seq, tally: now }, answer: now };
    });
    seq = last.seq;
  }
}
