const FIRST_MS = 2000;
const LONGEST_MS = 3_600_000;
const DAY_MS = 86_400_000;

/**
 * Pause after the n-th failed attempt (n from 1): 2 s, doubling up to an hour, with a tenth of jitter; null when a day of trying is
 * over. Counted in attempts and not in age, so that a delivery that waited for a paused webhook gets its full day.
 */
export function retryDelayMs(failedAttempts: number, random: () => number = Math.random): number | null {
  if (failedAttempts >= MAX_ATTEMPTS) return null;
  return Math.round(nominalMs(failedAttempts) * (0.95 + random() * 0.1));
}

const nominalMs = (failedAttempts: number): number => Math.min(LONGEST_MS, FIRST_MS * 2 ** (failedAttempts - 1));

/** Attempts of a day: the pauses between them add up to 24 hours. */
export const MAX_ATTEMPTS = ((): number => {
  let attempts = 1;
  for (let waitedMs = 0; waitedMs + nominalMs(attempts) <= DAY_MS; attempts += 1) waitedMs += nominalMs(attempts);
  return attempts;
})();
