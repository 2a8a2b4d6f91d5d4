import { WORK_ACTIVITIES, type ReportWork, type WorkActivity } from '@argus/contracts';

/**
 * Milliseconds of a report that can be true: no more than `passedMs` in all, since nobody works at two things at once. Who tells of more is cut in proportion; a clock that was set back leaves nothing.
 * Activities without any are left out.
 */
export function believedWork({ seconds }: ReportWork, passedMs: number): Map<WorkActivity, number> {
  const toldMs = WORK_ACTIVITIES.reduce((sum, activity) => sum + seconds[activity] * 1000, 0);
  const share = toldMs <= 0 ? 0 : Math.min(1, Math.max(0, passedMs) / toldMs);
  return new Map(WORK_ACTIVITIES.map((activity) => [activity, Math.floor(seconds[activity] * 1000 * share)] as const).filter(([, ms]) => ms > 0));
}
