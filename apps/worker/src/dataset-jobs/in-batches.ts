import type { EntityManager } from 'typeorm';
import type { JobInHand } from './job-in-hand.js';
import { samplesAfter, type SetSample } from './set-samples.js';

/** So much is done again after a crash, or so many milliseconds and the picture in hand: whichever is less. */
export const BATCH = 16;
export const BATCH_MS = 1000;

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
    let [last] = samples;
    if (!last) return tally;
    const made: Made[] = [];
    const now = (): number => job.work.clock.monotonicMs();
    let looked = 0;
    for (const endMs = now() + BATCH_MS; looked < samples.length && (looked === 0 || now() < endMs); looked += 1) {
      last = samples[looked] as SetSample;
      const one = await look(last);
      if (one !== null) made.push(one);
    }
    const { seq: end } = last;
    tally = await job.keep(name, looked, async (manager) => {
      const written = await write(manager, made, tally);
      return { place: { seq: end, tally: written }, answer: written };
    });
    seq = end;
  }
}
