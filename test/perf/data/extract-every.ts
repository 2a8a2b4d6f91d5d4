import { HD_PICTURES, hdStreetClip } from '../measure/clips.ts';
import { atLeast, type Report } from '../measure/report.ts';
import { median } from '../measure/statistics.ts';
import { argusExtract, interleaved, rawDecode, THREADS } from './extract-runs.ts';
import type { TimedRun } from './timed-run.ts';

const EVERY = 200;

/** How fast every 200th picture is taken out, against ffmpeg that decodes and throws away: once where every picture has to be decoded, once as cameras send it. */
export async function extractEvery({ quick }: { readonly quick: boolean }): Promise<Report> {
  const [whole, camera] = [await hdStreetClip('one group'), await hdStreetClip('camera')];
  const sides = { 'raw, one group': () => rawDecode(whole), 'argus, one group': () => argusExtract(whole, '--every', String(EVERY)), 'raw, camera': () => rawDecode(camera), 'argus, camera': () => argusExtract(camera, '--every', String(EVERY)) };
  const runs = await interleaved(sides, quick ? 2 : 5, 'extract');
  const ratio = (raw: readonly TimedRun[], ours: readonly TimedRun[], of: (run: TimedRun) => number) => median(raw.map((run, round) => of(run) / of(ours[round] as TimedRun)));
  const wall = ({ wallSeconds }: TimedRun) => wallSeconds;
  const cpu = ({ cpuSeconds }: TimedRun) => cpuSeconds;
  const [forced, usual] = [['raw, one group', 'argus, one group'], ['raw, camera', 'argus, camera']] as const;
  const rates = { forced: ratio(runs[forced[0]], runs[forced[1]], wall), forcedCpu: ratio(runs[forced[0]], runs[forced[1]], cpu), usual: ratio(runs[usual[0]], runs[usual[1]], wall), usualCpu: ratio(runs[usual[0]], runs[usual[1]], cpu) };
  return {
    benchmark: 'extract',
    targets: [atLeast('every 200th, all pictures decoded: rate of raw decoding', rates.forced, 0.9), atLeast('the same in CPU seconds', rates.forcedCpu, 0.9), atLeast('every 200th of camera footage: rate of raw decoding', rates.usual, 0.9)],
    tables: [
      {
        title: `Extraction: ${HD_PICTURES} pictures 1920x1080, every ${EVERY}th as JPEG, medians of ${runs['raw, camera'].length} interleaved rounds, ${THREADS} threads`,
        head: ['', 'wall s', 'CPU s', 'pictures/s'],
        rows: Object.entries(runs).map(([name, all]) => [name, median(all.map(wall)), median(all.map(cpu)), HD_PICTURES / median(all.map(wall))]),
      },
    ],
    notes: ['raw: ffmpeg decodes to nothing; argus: the whole command with start of its processes, JPEGs, digests and syncs', 'one group: a key frame at the beginning only, so every picture has to be decoded; camera: a key frame every 2 s, so groups without a wanted picture are not decoded'],
    figures: { ...rates, runs },
  };
}
