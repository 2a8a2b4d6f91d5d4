import type { Priority, TuningProfile } from '@argus/contracts';
import { isScheduleOpen } from '@argus/pipeline';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

/** The rate that the machine's profile allows this class at this wall time, pictures per second; Infinity: as the pipelines say. */
export function targetFpsAt({ hours, targetFps, timeZone }: TuningProfile, priority: Priority, wallMs: number): number {
  const now = hours.find(({ from, to }) => isScheduleOpen({ windows: [{ days: EVERY_DAY, from, to }] }, wallMs, timeZone));
  return (now?.targetFps ?? targetFps)[priority] ?? Infinity;
}
