import { HD_PICTURES, hdStreetClip } from '../measure/clips.ts';
import { atLeast, type Report } from '../measure/report.ts';
import { median } from '../measure/statistics.ts';
import { argusExtract, interleaved, rawKeyframes, THREADS } from './extract-runs.ts';

/** How much quicker key frames alone are than every 200th picture where all of them have to be decoded: of footage with large key frames every 2 s, and of a bounded rate with one every 4 s. */
export async function extractKeyframes({ quick }: { readonly quick: boolean }): Promise<Report> {
  const [whole, camera, bounded] = [await hdStreetClip('one group'), await hdStreetClip('camera'), await hdStreetClip('bounded')];
  const sides = {
    'every 200th, all decoded': () => argusExtract(whole, '--every', '200'),
    'key frames': () => argusExtract(camera, '--keyframes'),
    'raw, key frames': () => rawKeyframes(camera),
    'key frames, bounded': () => argusExtract(bounded, '--keyframes'),
    'raw, key frames, bounded': () => rawKeyframes(bounded),
  };
  const runs = await interleaved(sides, quick ? 2 : 5, 'key frames');
  const all = runs['every 200th, all decoded'];
  const ratio = (side: keyof typeof sides, of: 'wallSeconds' | 'cpuSeconds') => median(all.map((run, round) => run[of] / (runs[side][round]?.[of] ?? Number.NaN)));
  const figures = Object.fromEntries((Object.keys(sides) as (keyof typeof sides)[]).map((side) => [side, { wall: ratio(side, 'wallSeconds'), cpu: ratio(side, 'cpuSeconds') }]));
  return {
    benchmark: 'keyframes',
    targets: (['key frames', 'key frames, bounded'] as const).flatMap((side) => [atLeast(`${side}: times as quick as every 200th with all decoded`, ratio(side, 'wallSeconds'), 5), atLeast('the same in CPU seconds', ratio(side, 'cpuSeconds'), 5)]),
    tables: [
      {
        title: `Key frames: ${HD_PICTURES} pictures 1920x1080, a key frame every 2 s (bounded: 4 s), medians of ${all.length} interleaved rounds, ${THREADS} threads`,
        head: ['', 'wall s', 'CPU s', 'pictures of the source/s', 'times as quick', 'in CPU s'],
        rows: (Object.keys(sides) as (keyof typeof sides)[]).map((side) => {
          const wall = median(runs[side].map(({ wallSeconds }) => wallSeconds));
          return [side, wall, median(runs[side].map(({ cpuSeconds }) => cpuSeconds)), HD_PICTURES / wall, ratio(side, 'wallSeconds'), ratio(side, 'cpuSeconds')];
        }),
      },
    ],
    notes: ['raw: ffmpeg decodes key frames to nothing', 'the whole command, start of its processes and all JPEGs included'],
    figures: { figures, runs },
  };
}
