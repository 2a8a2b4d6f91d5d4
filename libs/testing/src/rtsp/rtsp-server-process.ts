import { createServer, type Socket } from 'node:net';
import { readH264Clip } from './h264-clip.js';
import { RtspCamera, type RtspCameraSettings, type RtspFault } from './rtsp-camera.js';
import { RtspSession } from './rtsp-session.js';

/** Messages of the launcher. */
export type RtspServerCommand =
  | { readonly type: 'start'; readonly clip: string; readonly port: number; readonly cameras: readonly RtspCameraSettings[] }
  | { readonly type: 'fault'; readonly path: string; readonly fault: RtspFault }
  | { readonly type: 'sent' };

/** Messages to the launcher. `sent`: pictures by camera path. */
export type RtspServerReport =
  | { readonly type: 'ready'; readonly port: number }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'done' }
  | { readonly type: 'sent'; readonly sent: Readonly<Record<string, number>> };

const cameras = new Map<string, RtspCamera>();
const report = (message: RtspServerReport) => process.send?.(message);

process.on('message', (command: RtspServerCommand) => {
  if (command.type === 'start') start(command);
  if (command.type === 'fault') {
    const camera = cameras.get(command.path);
    if (camera !== undefined) camera.fault = command.fault;
    report({ type: 'done' });
  }
  if (command.type === 'sent') report({ type: 'sent', sent: Object.fromEntries([...cameras.values()].map((camera) => [camera.path, camera.sent])) });
});
process.on('disconnect', () => process.exit(0));

function start(command: Extract<RtspServerCommand, { type: 'start' }>): void {
  const clip = readH264Clip(command.clip);
  for (const settings of command.cameras) cameras.set(settings.path, new RtspCamera(clip, settings));
  const server = createServer((socket: Socket) => new RtspSession(socket, cameras));
  server.on('error', (error) => report({ type: 'failed', message: error.message }));
  server.listen(command.port, '127.0.0.1', () => {
    const address = server.address();
    report({ type: 'ready', port: typeof address === 'object' && address !== null ? address.port : 0 });
  });
}
