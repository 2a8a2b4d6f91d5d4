import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { DEMO_CLIP } from './start-rtsp-cameras.js';

const SCRIPT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'assets', 'gstreamer-server.py');
/** Debian's own: another python may come first in PATH and does not have the bindings. */
const PYTHON = '/usr/bin/python3';
const PACKAGES = 'python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad';
const CHECK = `
import gi
gi.require_version("Gst", "1.0"); gi.require_version("GstRtspServer", "1.0")
from gi.repository import Gst, GstRtspServer
Gst.init(None)
missing = [name for name in ("qtdemux", "h264parse", "h265parse", "rtph264pay", "rtph265pay") if Gst.ElementFactory.find(name) is None]
assert not missing, missing
`;

export interface GstreamerRtsp {
  url: string;
  stop(): Promise<void>;
}

export interface GstreamerRtspOptions {
  /** An MP4; every client sees it from its beginning, once. */
  readonly clip?: string;
  readonly codec?: 'h264' | 'h265';
  readonly path?: string;
  readonly user?: string;
  readonly password?: string;
}

/** Why GStreamer's RTSP server cannot run here, with the remedy; null when it can. */
export function whyNoGstreamerRtsp(): string | null {
  const remedy = `install it with: apt-get install ${PACKAGES}`;
  if (!existsSync(PYTHON)) return `${PYTHON} is not there; ${remedy}`;
  return spawnSync(PYTHON, ['-c', CHECK]).status === 0 ? null : `GStreamer's RTSP server is not installed; ${remedy}`;
}

/** An RTSP server written by others, so that our client is not only tested against our own understanding of the protocol. */
export async function startGstreamerRtsp(options: GstreamerRtspOptions = {}): Promise<GstreamerRtsp> {
  const { clip = DEMO_CLIP, codec = 'h264', path = 'clip', user, password } = options;
  const child = spawn(PYTHON, [SCRIPT, JSON.stringify({ clip, codec, path, user, password })], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), once(child, 'exit').then(() => [''])])) as [string];
  if (!/^\d+$/.test(line)) throw new Error('GStreamer\'s RTSP server did not start');
  const who = user === undefined ? '' : `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}@`;
  return {
    url: `rtsp://${who}127.0.0.1:${line}/${path}`,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}
