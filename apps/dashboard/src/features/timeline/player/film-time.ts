import type { FootagePlan } from '@argus/contracts';

/** A film of footage: its pictures run on over gaps. `atMs` is the place in the film, the others are wall time. */
export interface Film {
  readonly startMs: number;
  readonly gaps: readonly { readonly atMs: number; readonly lengthMs: number }[];
}

export const filmOfPlan = (plan: Pick<FootagePlan, 'startAt' | 'gaps'>): Film => ({
  startMs: Date.parse(plan.startAt),
  gaps: plan.gaps.map(({ atMs, startAt, endAt }) => ({ atMs, lengthMs: Date.parse(endAt) - Date.parse(startAt) })),
});

/** Places in a film are sums of many durations: the picture behind a gap may come out a moment before it. */
const ROUNDING_MS = 1;

/** When the picture at this place was taken. At a gap's place: the picture behind it. */
export const wallOfFilm = (film: Film, filmMs: number): number => film.gaps.reduce((ms, gap) => (gap.atMs <= filmMs + ROUNDING_MS ? ms + gap.lengthMs : ms), film.startMs + filmMs);

/** Where in the film a moment is; null: it lies in a gap, or before the film. */
export function filmOfWall(film: Film, wallMs: number): number | null {
  let filmMs = wallMs - film.startMs;
  for (const { atMs, lengthMs } of film.gaps) {
    if (filmMs < atMs) break;
    if (filmMs < atMs + lengthMs) return null;
    filmMs -= lengthMs;
  }
  return filmMs < 0 ? null : filmMs;
}
