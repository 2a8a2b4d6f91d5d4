import { createServer, type Socket } from 'node:net';
import { Metronome } from './metronome.js';
import { readClip } from './mp4-clip.js';
import { PackedClip } from './packed-clip.js';
import { RtspCamera, type CameraSent, type RtspCameraSettings } from './rtsp-camera.js';
import type { RtspFault } from './rtsp-fault.js';
import { readSound } from './sound-clip.js';
import { RtspSession } from './rtsp-session.js';

/** Messages of the launcher. Clips are paths. */
export type RtspServerCommand =
  | { readonly type: 'start'; readonly clips: Readonly<Record<'otherSize' | 'otherCodec' | 'sound', string | null>> & { readonly usual: string }; readonly port: number; readonly cameras: readonly RtspCameraSettings[] }
  | { readonly type: 'fault'; readonly path: string; readonly fault: RtspFault }
  | { readonly type: 'count' };

/** Messages to the launcher. `bornAtMs`: wall time at which every camera was at its `startSeconds`. `counts`: by camera path. */
export type RtspServerReport =
  | { readonly type: 'ready'; readonly port: number; readonly bornAtMs: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'done' }
  | { readonly type: 'counts'; readonly counts: Readonly<Record<string, CameraSent>> };

const cameras = new Map<string, RtspCamera>();
const metronome = new Metronome(cameras);
const report = (message: RtspServerReport) => process.send?.(message);

process.on('message', (command: RtspServerCommand) => {
  try {
    if (command.type === 'start') start(command);
    if (command.type === 'fault') setFault(command.path, command.fault);
    if (command.type === 'count') report({ type: 'counts', counts: Object.fromEntries([...cameras.values()].map((camera) => [camera.path, camera.counts])) });
  } catch (error) {
    report({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
});
process.on('disconnect', () => process.exit(0));

function start({ clips, port, cameras: wanted }: Extract<RtspServerCommand, { type: 'start' }>): void {
  const read = (path: string | null) => (path === null ? null : new PackedClip(readClip(path)));
  const shown = { usual: new PackedClip(readClip(clips.usual)), otherSize: read(clips.otherSize), otherCodec: read(clips.otherCodec) };
  const heard = clips.sound === null ? null : readSound(clips.sound);
  for (const settings of wanted) cameras.set(settings.path, new RtspCamera(shown, settings, heard));
  const bornAtMs = Date.now();
  const server = createServer((socket: Socket) => new RtspSession(socket, cameras, () => metronome.poke()));
  server.on('error', (error) => report({ type: 'failed', message: error.message }));
  server.listen(port, '127.0.0.1', () => {
    const address = server.address();
    report({ type: 'ready', port: typeof address === 'object' && address !== null ? address.port : 0, bornAtMs });
  });
}

function setFault(path: string, fault: RtspFault): void {
  const camera = cameras.get(path);
  if (camera === undefined) throw new Error(`expected one of the cameras ${[...cameras.keys()].join(', ')}, got ${path}`);
  camera.fault = fault;
  metronome.poke();
  report({ type: 'done' });
}
