import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CameraSent, RtspCameraSettings } from './rtsp-camera.js';
import type { RtspFault } from './rtsp-fault.js';
import type { RtspServerCommand, RtspServerReport } from './rtsp-server-process.js';

const HERE = dirname(fileURLToPath(import.meta.url));
/** From src (tests) and from dist alike: a process needs compiled code. */
const ENTRY = join(HERE, '..', '..', 'dist', 'rtsp', 'rtsp-server-process.js');
/** The committed demo clip: 768x576, 10 fps, 79.5 s, a key frame every 2 s. */
export const DEMO_CLIP = join(HERE, '..', '..', '..', '..', 'demo', 'street.mp4');

export interface RtspCamerasOptions {
  readonly cameras: readonly RtspCameraSettings[];
  /** An MP4 with H.264 or H.265 and no B-frames. */
  readonly clip?: string;
  /** Clips to switch to with the faults `resolution` and `codec-…`; without one the fault is refused. */
  readonly otherSize?: string;
  readonly otherCodec?: string;
  /** Of `makeSound`, as long as the clip: every camera has it beside its picture. */
  readonly sound?: string;
  /** 0: a free one. Give a former one to come back as the same camera. */
  readonly port?: number;
}

/** Many small RTSP cameras in a process of their own, which can be made to misbehave. */
export interface RtspCameras {
  readonly port: number;
  readonly pid: number;
  /** Wall time at which every camera was at its `startSeconds` of the clip: tells when a picture was filmed. */
  readonly bornAtMs: number;
  /** With the user's name and password when the camera wants one. */
  url(path: string): string;
  fault(path: string, fault: RtspFault): Promise<void>;
  /** Pictures sent so far, by path. */
  sent(): Promise<Readonly<Record<string, number>>>;
  counts(): Promise<Readonly<Record<string, CameraSent>>>;
  /** SIGSTOP and SIGCONT: the machine hangs, connections stay open. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL: the power is cut. Resolves when the process is gone. */
  kill(): Promise<void>;
}

export async function startRtspCameras(options: RtspCamerasOptions): Promise<RtspCameras> {
  if (!existsSync(ENTRY)) throw new Error(`expected ${ENTRY}; build it first: tsc -b libs/testing`);
  const child = fork(ENTRY, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const conversation = new Conversation(child);
  const { cameras, clip = DEMO_CLIP, otherSize = null, otherCodec = null, sound = null, port: wantedPort = 0 } = options;
  const ready = await conversation.ask({ type: 'start', clips: { usual: clip, otherSize, otherCodec, sound }, port: wantedPort, cameras });
  if (ready.type !== 'ready') {
    child.kill('SIGKILL');
    throw new Error(`the RTSP cameras did not start: ${ready.type === 'failed' ? ready.message : ready.type}`);
  }
  const { port, bornAtMs } = ready;
  const counts = async () => {
    const answer = await conversation.ask({ type: 'count' });
    return answer.type === 'counts' ? answer.counts : {};
  };
  return {
    port,
    pid: child.pid ?? 0,
    bornAtMs,
    url: (path) => {
      const user = cameras.find((camera) => camera.path === path)?.user;
      const who = user ? `${encodeURIComponent(user.user)}:${encodeURIComponent(user.password)}@` : '';
      return `rtsp://${who}127.0.0.1:${port}/${path}`;
    },
    fault: async (path, fault) => {
      const answer = await conversation.ask({ type: 'fault', path, fault });
      if (answer.type === 'failed') throw new Error(answer.message);
    },
    sent: async () => Object.fromEntries(Object.entries(await counts()).map(([path, { sent }]) => [path, sent])),
    counts,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Asks the process; it answers in the order in which it was asked. */
class Conversation {
  readonly #child: ChildProcess;
  readonly #waiting: { readonly resolve: (report: RtspServerReport) => void; readonly reject: (error: Error) => void }[] = [];

  constructor(child: ChildProcess) {
    this.#child = child;
    child.on('message', (report: RtspServerReport) => this.#waiting.shift()?.resolve(report));
    child.on('exit', () => {
      for (const { reject } of this.#waiting.splice(0)) reject(new Error('the RTSP camera process ended'));
    });
  }

  ask(command: RtspServerCommand): Promise<RtspServerReport> {
    return new Promise((resolve, reject) => {
      if (!this.#child.connected) {
        reject(new Error('the RTSP camera process is gone'));
        return;
      }
      this.#waiting.push({ resolve, reject });
      this.#child.send(command);
    });
  }
}
