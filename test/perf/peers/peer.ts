import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { CACHE } from '../measure/clips.ts';

const run = promisify(execFile);
const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const INSTALL_MINUTES = 15;

export interface PeerJob {
  readonly urls: readonly string[];
  /** Pictures analysed a second and camera, and every how many-th that is. */
  readonly fps: number;
  readonly stride: number;
  readonly model: string;
}

/** Somebody else's way to detect in many streams. */
export interface Peer {
  readonly name: string;
  /** What is not the same as in the other columns; null: nothing. */
  readonly remark: string | null;
  /** Python packages, exact versions. */
  readonly packages: readonly string[];
  /** The commands of one job: each with its arguments, after the environment's own folder of programs. */
  commands(job: PeerJob, programs: string): readonly (readonly string[])[];
  /** A line of its output that stands for one picture: when it was filmed in media time of its connection, or taken from it in wall time; null: another line. */
  read(line: string): { readonly mediaMs?: number; readonly takenMs?: number } | null;
}

const jsonLine = (line: string): { mediaMs?: number; takenMs?: number } | null => (line.startsWith('{') ? (JSON.parse(line) as { mediaMs?: number; takenMs?: number }) : null);

const pythonLoop = (how: 'defaults' | 'tuned', remark: string): Peer => ({
  name: `Python loop a camera, OpenCV + ONNX Runtime, ${how}`,
  remark,
  packages: ['opencv-python-headless==5.0.0.93', 'onnxruntime==1.32.0', 'numpy==2.4.6'],
  commands: ({ urls, stride, model }, programs) => urls.map((url) => [join(programs, 'python'), script('opencv_loop.py'), model, String(stride), url, how]),
  read: jsonLine,
});

export const PEERS: readonly Peer[] = [
  pythonLoop('defaults', 'both libraries as they come'),
  pythonLoop('tuned', 'by hand: one thread each that does not spin, only analysed pictures converted'),
  {
    name: 'Roboflow InferencePipeline, one process',
    remark: 'the model runs as its custom logic',
    packages: ['inference-cpu==0.38.0'],
    commands: ({ urls, fps, model }, programs) => [[join(programs, 'python'), script('roboflow_pipeline.py'), model, String(fps), ...urls]],
    read: jsonLine,
  },
];

/** The folder of programs of the peer's own environment; made on the first run. Throws with the reason when it cannot be had. */
export async function installPeer(peer: Peer): Promise<string> {
  const folder = join(CACHE, 'peers', peer.packages.join('+').replaceAll(/[^a-z0-9.+=-]/gi, '_'));
  const programs = join(folder, 'bin');
  const done = join(folder, 'installed');
  if (existsSync(done)) return programs;
  process.stderr.write(`installing ${peer.packages.join(', ')} …\n`);
  await mkdir(join(CACHE, 'peers'), { recursive: true });
  await run('python3', ['-m', 'venv', '--clear', folder]);
  await run(join(programs, 'pip'), ['install', '--quiet', '--disable-pip-version-check', ...peer.packages], { timeout: INSTALL_MINUTES * 60_000 });
  await run('touch', [done]);
  return programs;
}

/** Starts the peer on a job; `onPicture` is told of every picture with the number of the command that analysed it. */
export function startPeer(peer: Peer, job: PeerJob, programs: string, onPicture: (picture: { mediaMs?: number; takenMs?: number }, command: number) => void): ChildProcess[] {
  return peer.commands(job, programs).map(([file = '', ...args], command) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, PYTHONUNBUFFERED: '1' } });
    let rest = '';
    child.stdout?.on('data', (text: Buffer) => {
      const lines = `${rest}${text.toString()}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        const picture = peer.read(line);
        if (picture) onPicture(picture, command);
      }
    });
    return child;
  });
}
