/** Numbers 0..1 that are the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The seed of this run, said on the console so that it can be asked for again: `ARGUS_CRASH_SEED`. Where processes are killed it gives the same waits, not the same machine. */
export function seedOfRun(): number {
  const seed = Number(process.env['ARGUS_CRASH_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
  console.info(`ARGUS_CRASH_SEED=${seed}`);
  return seed;
}
