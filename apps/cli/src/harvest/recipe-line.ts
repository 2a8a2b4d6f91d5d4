import type { HarvestRecipe, HarvestSampling } from '@argus/contracts';

/** `街道; 19:00-21:00; last 30 days; 1 in 25 pictures`, in one line of a table. */
export function recipeLine({ cameras, calendar, sampling }: HarvestRecipe): string {
  const { include, exclude, tags } = cameras;
  const { dates, weekdays, windows, timeZone } = calendar;
  const patternOf = ({ kind, pattern }: (typeof include)[number]): string => (kind === 'regex' ? `/${pattern}/` : pattern);
  return [
    [include.map(patternOf).join(', ') || 'every camera', ...exclude.map((one) => `not ${patternOf(one)}`), ...tags.map((tag) => `#${tag}`)].join(', '),
    windows.map(({ from, to }) => `${from}-${to}`).join(', ') || 'all day',
    ...(weekdays.length === 7 ? [] : [`weekdays ${weekdays.join(',')}`]),
    dates.kind === 'last' ? `last ${dates.days} days` : dates.kind === 'range' ? `${dates.from} to ${dates.to}` : 'all that is recorded',
    ...(timeZone === null ? [] : [timeZone]),
    samplingLine(sampling),
  ].join('; ');
}

function samplingLine(sampling: HarvestSampling): string {
  switch (sampling.kind) {
    case 'frames':
      return `1 in ${sampling.every} pictures`;
    case 'keyframes':
      return sampling.every === 0 ? 'key frames' : `a key frame in ${sampling.every} s`;
    case 'seconds':
      return `one in ${sampling.every} s`;
    case 'scenes':
      return sampling.every === 0 ? 'a picture of each scene' : `a picture of each scene, one in ${sampling.every} s`;
    case 'motion':
      return `one in ${sampling.every} s with motion`;
    default:
      return `one in ${sampling.every} s ${sampling.kind === 'objects' ? 'with' : 'around events of'} ${sampling.labels.join(', ') || 'anything'}`;
  }
}
