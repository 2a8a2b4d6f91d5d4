import { execFile } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CACHE, hdStreetClip } from '../measure/clips.ts';
import { atLeast, type Report } from '../measure/report.ts';
import { median } from '../measure/statistics.ts';
import { interleaved } from './extract-runs.ts';
import { timedRun } from './timed-run.ts';

const PROCESS = fileURLToPath(new URL('./copy-process.ts', import.meta.url));
const SEGMENT_SECONDS = 10;
const MINUTES = 10;
const run = promisify(execFile);

/** Ten minutes of footage as the recorder keeps it, copied into one file with its SHA-256 by Argus, and the same out of one file by `ffmpeg -c copy` without one. */
export async function copyFootage({ quick }: { readonly quick: boolean }): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'argus-bench-copy-'));
  try {
    const [segments, list, one, film] = [join(folder, 'segments'), join(folder, 'list.txt'), join(folder, 'one.mp4'), join(folder, 'film.mp4')];
    const files = await footageIn(segments, await hdStreetClip('camera'));
    writeFileSync(list, files.map((file) => `file '${file}'\n`).join(''));
    // Of many files ffmpeg looks into each one first, which takes most of its time: it gets one file with all of it.
    await run('ffmpeg', ['-nostdin', '-v', 'error', '-f', 'concat', '-safe', '0', '-i', list, '-map', '0:v', '-c', 'copy', one]);
    const inside: { copySeconds: number; bytes: number; pictures: number }[] = [];
    const fresh = () => rmSync(film, { force: true });
    const runs = await interleaved(
      {
        'ffmpeg -c copy': () => (fresh(), timedRun('ffmpeg', ['-nostdin', '-v', 'error', '-i', one, '-map', '0:v', '-c', 'copy', film])),
        argus: async () => {
          fresh();
          return timedRun(process.execPath, [PROCESS, segments, film], (line) => inside.push(JSON.parse(line) as (typeof inside)[number]));
        },
      },
      quick ? 3 : 9,
      'copy',
    );
    const [raw, ours] = [runs['ffmpeg -c copy'], runs.argus];
    const kept = inside.slice(1);
    const ratio = median(raw.map(({ wallSeconds }, round) => wallSeconds / (kept[round]?.copySeconds ?? Number.NaN)));
    const whole = median(raw.map(({ wallSeconds }, round) => wallSeconds / (ours[round]?.wallSeconds ?? Number.NaN)));
    const megabytes = (kept[0]?.bytes ?? 0) / 1e6;
    return {
      benchmark: 'copy',
      targets: [atLeast('copied, hashed and indexed, of the rate of ffmpeg -c copy', ratio, 0.8)],
      tables: [
        {
          title: `Copying ${MINUTES} minutes 1080p25, ${files.length} segments, ${megabytes.toFixed(0)} MB into one file: medians of ${raw.length} interleaved rounds`,
          head: ['', 'wall s', 'CPU s', 'MB/s'],
          rows: [
            ['ffmpeg -c copy of one file with all of it, the whole command', median(raw.map(({ wallSeconds }) => wallSeconds)), median(raw.map(({ cpuSeconds }) => cpuSeconds)), megabytes / median(raw.map(({ wallSeconds }) => wallSeconds))],
            ['argus, as in a worker that is up', median(kept.map(({ copySeconds }) => copySeconds)), null, megabytes / median(kept.map(({ copySeconds }) => copySeconds))],
            ['argus, with the start of a process and reading what the database knows', median(ours.map(({ wallSeconds }) => wallSeconds)), median(ours.map(({ cpuSeconds }) => cpuSeconds)), null],
          ],
        },
      ],
      notes: [`with the start of a process ${whole.toFixed(2)} of ffmpeg's rate; ffmpeg's includes its own`, 'warm cache; neither waits for the disk', 'argus also makes the SHA-256 of the file, ffmpeg does not'],
      figures: { ratio, whole, megabytes, runs, inside: kept },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The minute cut into files as the recorder writes them, linked under ten times of day. */
async function footageIn(folder: string, clip: string): Promise<string[]> {
  const pieces = await mkdtemp(join(CACHE, 'pieces-'));
  try {
    // A key frame every 2 s: each piece begins with one.
    await run('ffmpeg', ['-nostdin', '-v', 'error', '-i', clip, '-map', '0:v', '-c', 'copy', '-f', 'segment', '-segment_time', String(SEGMENT_SECONDS), '-reset_timestamps', '1', '-segment_format', 'mp4', '-segment_format_options', 'movflags=frag_keyframe+empty_moov+default_base_moof+skip_trailer', join(pieces, '%02d.mp4')]);
    mkdirSync(folder);
    const made = readdirSync(pieces).sort();
    return Array.from({ length: (MINUTES * 60) / SEGMENT_SECONDS }, (_, at) => {
      const file = join(folder, `${1_764_547_200_000 + at * SEGMENT_SECONDS * 1000}-${String(at).padStart(4, '0')}.mp4`);
      linkSync(join(pieces, made[at % made.length] as string), file);
      return file;
    });
  } finally {
    rmSync(pieces, { recursive: true });
  }
}
