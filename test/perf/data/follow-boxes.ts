import { fileURLToPath } from 'node:url';
import { streetClip } from '../measure/clips.ts';
import { atLeast, type Report } from '../measure/report.ts';
import { median } from '../measure/statistics.ts';
import { interleaved } from './extract-runs.ts';
import { timedRun, type TimedRun } from './timed-run.ts';

const PROCESS = fileURLToPath(new URL('./follow-process.ts', import.meta.url));
const BOXES = 4;
const PICTURES = 1500;

/** What following boxes costs beside decoding the footage and making it small, on one thread. */
export async function followBoxes({ quick }: { readonly quick: boolean }): Promise<Report> {
  const clip = await streetClip();
  const rates: number[] = [];
  const follow = (count: number) => () => timedRun(process.execPath, [PROCESS, clip, String(count)], (text) => {
    const { pictures, followedSeconds } = JSON.parse(text) as { pictures: number; followedSeconds: number };
    if (count > 0) rates.push((pictures * count) / followedSeconds);
  });
  const raw = () => timedRun('ffmpeg', ['-nostdin', '-v', 'error', '-threads', '1', '-i', clip, '-map', '0:v', '-f', 'null', '-']);
  const runs = await interleaved({ raw, none: follow(0), [BOXES]: follow(BOXES) }, quick ? 2 : 5, 'follow');
  const cpu = (all: readonly TimedRun[] | undefined) => median((all ?? []).map(({ cpuSeconds }) => cpuSeconds));
  const [decoding, looking, all] = [cpu(runs.raw), cpu(runs.none), cpu(runs[BOXES])];
  const perBox = (all - looking) / BOXES;
  return {
    benchmark: 'follow',
    targets: [atLeast('pictures a second for a box, of CPU seconds', PICTURES / perBox, 100)],
    tables: [
      {
        title: `Following: ${PICTURES} pictures 1280x720, looked at with 640 of width, medians of ${runs.none?.length} interleaved rounds, one thread`,
        head: ['', 'CPU s', 'of decoding'],
        rows: [['ffmpeg decodes to nothing', decoding, 1], ['decoded, made small, no box', looking, looking / decoding], [`${BOXES} boxes`, all, all / decoding], ['each box more', perBox, perBox / decoding]],
      },
    ],
    notes: [`by the clock of the process itself, on whatever the machine has left: ${median(rates).toFixed(0)} pictures a second for a box`],
    figures: { decoding, looking, all, perBox, picturesPerSecond: PICTURES / perBox },
  };
}
