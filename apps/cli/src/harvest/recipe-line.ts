import type { HarvestRecipe, HarvestSampling, NamePattern, VideoSource } from '@argus/contracts';

/** `街道; 19:00-21:00; last 30 days; 1 in 25 pictures`, in one line of a table. */
export function recipeLine({ source, cameras, calendar, sampling }: HarvestRecipe): string {
  if (source.kind !== 'cameras') return [videosLine(source), samplingLine(sampling)].join('; ');
  const { include, exclude, tags } = cameras;
  const { dates, weekdays, windows, timeZone } = calendar;
  return [
    [include.map(patternOf).join(', ') || 'every camera', ...exclude.map((one) => `not ${patternOf(one)}`), ...tags.map((tag) => `#${tag}`)].join(', '),
    windows.map(({ from, to }) => `${from}-${to}`).join(', ') || 'all day',
    ...(weekdays.length === 7 ? [] : [`weekdays ${weekdays.join(',')}`]),
    dates.kind === 'last' ? `last ${dates.days} days` : dates.kind === 'range' ? `${dates.from} to ${dates.to}` : 'all that is recorded',
    ...(timeZone === null ? [] : [timeZone]),
    samplingLine(sampling),
  ].join('; ');
}

/** `/srv/archive, *4K*, not trailer, from 3840x2160`. */
function videosLine(source: VideoSource): string {
  const { include, exclude, least } = source;
  const where = source.kind === 'folder' ? source.path : `${source.uploadIds.length} uploaded videos`;
  return [where, ...include.map(patternOf), ...exclude.map((one) => `not ${patternOf(one)}`), ...(least === null ? [] : [`from ${least.width}x${least.height}`])].join(', ');
}

const patternOf = ({ kind, pattern }: NamePattern): string => (kind === 'regex' ? `/${pattern}/` : pattern);

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
