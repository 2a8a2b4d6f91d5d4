import type { DatasetTime } from '@argus/contracts';
import { columns } from '../text/columns.js';
import { spanOf } from '../text/span-of.js';

/** Where time went, as text. */
export function timeLines({ isMeasured, from, to, activities, machine, rates }: DatasetTime): string[] {
  const total = activities.reduce((sum, { seconds }) => sum + seconds, 0);
  const each = (seconds: number, count: number): string => (count === 0 ? '-' : `${(seconds / count).toFixed(1)} s`);
  const people = activities.map(({ activity, seconds, pictures, boxes }) => [activity, spanOf(seconds * 1000), `${Math.round((100 * seconds) / total)} %`, String(pictures), each(seconds, pictures), String(boxes), each(seconds, boxes)]);
  return [
    ...(total === 0 ? ['No time of people was measured.'] : [`${spanOf(total * 1000)} of people, ${from} to ${to}`, ...columns([['ACTIVITY', 'TIME', 'SHARE', 'PICTURES', 'EACH', 'BOXES', 'EACH'], ...people])]),
    ...(isMeasured ? [] : ['This server does not measure the time of people (ARGUS_WORK_TIMES).']),
    ...(machine.length === 0 ? [] : columns([['MACHINES', 'TIME', 'RUNS'], ...machine.map(({ kind, seconds, runs }) => [kind, spanOf(seconds * 1000), String(runs)])])),
    `estimates reckon with ${rates.secondsPerPicture} s for a picture and ${rates.secondsPerBox} s for a box, ${rates.isMeasured ? 'as measured' : 'until 20 boxes were measured'}`,
  ];
}
