import { HD_PICTURES, hdStreetClip } from '../measure/clips.ts';
import { atLeast, type Report } from '../measure/report.ts';
import { median } from '../measure/statistics.ts';
import { argusExtract, interleaved, rawKeyframes, THREADS } from './extract-runs.ts';

/** How much quicker key frames alone are than every 200th picture where all of them have to be decoded. */
export async function extractKeyframes({ quick }: { readonly quick: boolean }): Promise<Report> {
  const [whole, camera] = [await hdStreetClip('one group'), await hdStreetClip('camera')];
  const runs = await interleaved({ 'every 200th, all decoded': () => argusExtract(whole, '--every', '200'), 'key frames': () => argusExtract(camera, '--keyframes'), 'raw, key frames': () => rawKeyframes(camera) }, quick ? 2 : 5, 'key frames');
  const [all, keys, floor] = [runs['every 200th, all decoded'], runs['key frames'], runs['raw, key frames']];
  const wall = median(all.map(({ wallSeconds }, round) => wallSeconds / (keys[round]?.wallSeconds ?? Number.NaN)));
  const cpu = median(all.map(({ cpuSeconds }, round) => cpuSeconds / (keys[round]?.cpuSeconds ?? Number.NaN)));
  const most = median(all.map(({ cpuSeconds }, round) => cpuSeconds / (floor[round]?.cpuSeconds ?? Number.NaN)));
  return {
    benchmark: 'keyframes',
    targets: [atLeast('key frames: times as quick as every 200th with all decoded', wall, 5), atLeast('the same in CPU seconds', cpu, 5)],
    tables: [
      {
        title: `Key frames: ${HD_PICTURES} pictures 1920x1080, a key frame every 2 s, medians of ${all.length} interleaved rounds, ${THREADS} threads`,
        head: ['', 'wall s', 'CPU s', 'pictures of the source/s'],
        rows: Object.entries(runs).map(([name, list]) => [name, median(list.map(({ wallSeconds }) => wallSeconds)), median(list.map(({ cpuSeconds }) => cpuSeconds)), HD_PICTURES / median(list.map(({ wallSeconds }) => wallSeconds))]),
      },
    ],
    notes: [`raw: ffmpeg decodes key frames to nothing; in CPU seconds that is ${most.toFixed(1)} times as quick as every 200th`, 'the whole command, start of its processes (about half a second) and all JPEGs included'],
    figures: { wall, cpu, most, runs },
  };
}
