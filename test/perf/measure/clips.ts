import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { DEMO_CLIP } from '@argus/testing';
import { ffmpegVersion } from './machine.ts';

/** Clips and peers are kept here between runs. */
export const CACHE = join(tmpdir(), 'argus-bench');
/** As a camera sends it: no B-frames, a key frame every 2 s, a constant rate. */
const H264 = ['-an', '-c:v', 'libx264', '-preset', 'fast', '-bf', '0', '-g', '50', '-keyint_min', '50', '-sc_threshold', '0'];
const LONE_PERSON = fileURLToPath(new URL('../../../libs/media/fixtures/lone-person.mp4', import.meta.url));
const HD = 'scale=1280:720:flags=bicubic,noise=alls=6:allf=t,fps=25';

/** The demo's street as 720p25 at 2.5 Mb/s with sensor noise, 60 s: somebody always walks. */
export const streetClip = (): Promise<string> => make('street', ['-i', DEMO_CLIP, '-vf', HD, '-t', '60', ...H264, '-b:v', '2500k']);

/** Four of that street in one picture, at different times: a crowd. */
export const crowdClip = (): Promise<string> => {
  const quarters = [0, 15, 30, 45].flatMap((start) => ['-ss', String(start), '-i', DEMO_CLIP]);
  const chain = `${[0, 1, 2, 3].map((input) => `[${input}:v]scale=640:360[q${input}]`).join(';')};[q0][q1][q2][q3]xstack=inputs=4:layout=0_0|640_0|0_360|640_360:shortest=1,noise=alls=6:allf=t,fps=25[out]`;
  return make('crowd', [...quarters, '-filter_complex', chain, '-map', '[out]', '-t', '30', ...H264, '-b:v', '2500k']);
};

/** One picture of that street with sensor noise, 20 s: nothing moves, and a camera sends less. */
export const stillClip = (): Promise<string> => make('still', ['-ss', '10', '-i', DEMO_CLIP, '-vf', `trim=end_frame=1,loop=loop=-1:size=1,setpts=N/25/TB,${HD}`, '-t', '20', ...H264, '-b:v', '600k']);

/** Where somebody walks through the quiet clip, seconds. */
export const PASSAGE = { from: 15, to: 20, loop: 40 } as const;

/** An empty street with sensor noise through which one person walks in 5 of 40 s; the empty street is what most pictures of the walk agree on. */
export const quietClip = (): Promise<string> => {
  const empty = (seconds: number) => `tmedian=radius=24,trim=end_frame=1,loop=loop=-1:size=1,setpts=N/10/TB,fps=10,trim=duration=${seconds}`;
  const chain = `[0:v]split=3[a][b][c];[a]${empty(PASSAGE.from)}[before];[b]setpts=N/10/TB,fps=10[walk];[c]${empty(PASSAGE.loop - PASSAGE.to)}[after];[before][walk][after]concat=n=3:v=1,${HD}[out]`;
  return make('quiet', ['-i', LONE_PERSON, '-filter_complex', chain, '-map', '[out]', '-t', String(PASSAGE.loop), ...H264, '-b:v', '900k']);
};

const HD_SECONDS = 60;
/** In each of the clips of `hdStreetClip`. */
export const HD_PICTURES = HD_SECONDS * 25;

const GROUPS = {
  /** A key frame every 2 s, as large as it likes: 26 times a usual picture. */
  camera: ['-g', '50'],
  /** As recorders set cameras up: a rate that is bounded over half a second, a key frame every 4 s. */
  bounded: ['-g', '100', '-maxrate', '4000k', '-bufsize', '2000k'],
  /** A key frame at the beginning only: nothing can be left out. */
  'one group': ['-g', '100000'],
} as const;

/** That street as 1080p25 at 4 Mb/s. */
export const hdStreetClip = (groups: keyof typeof GROUPS): Promise<string> =>
  make(`hd-${groups.replace(' ', '-')}`, ['-stream_loop', '-1', '-i', DEMO_CLIP, '-vf', 'scale=1920:1080:flags=bicubic,noise=alls=6:allf=t,fps=25', '-t', String(HD_SECONDS), '-an', '-c:v', 'libx264', '-preset', 'veryfast', '-bf', '0', '-sc_threshold', '0', ...GROUPS[groups], '-b:v', '4000k', '-pix_fmt', 'yuv420p']);

/** Footage of one's own as a camera sends it. */
export const ownClip = (name: string, file: string): Promise<string> => make(name, ['-i', file, '-vf', 'scale=1280:720:flags=bicubic,fps=25', '-t', '120', ...H264, '-b:v', '1500k']);

/** Made once; a clip that is half made is never seen under its name. Throws where there is no ffmpeg. */
async function make(name: string, args: readonly string[]): Promise<string> {
  const file = join(CACHE, `${name}-${createHash('sha256').update(args.join(' ')).digest('hex').slice(0, 12)}.mp4`);
  if (existsSync(file)) return file;
  if (ffmpegVersion() === null) throw new Error('expected ffmpeg to make the clips with; on Debian: apt-get install ffmpeg');
  process.stderr.write(`making the clip ${name} …\n`);
  await mkdir(CACHE, { recursive: true });
  const unfinished = `${file}.${process.pid}.mp4`;
  await promisify(execFile)('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...args, unfinished]);
  await rename(unfinished, file);
  return file;
}
