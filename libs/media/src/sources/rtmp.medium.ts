import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { DEMO_CLIP } from '@argus/testing';
import { describe, expect, it } from 'vitest';
import type { MediaSource } from '../media-source.js';
import { openSource } from './open-source.js';

// Real: RTMP from Debian's ffmpeg, which waits for one client and plays the demo clip to it.
const missing = spawnSync('ffmpeg', ['-version']).status !== 0;
if (missing) console.warn('skipped: RTMP. ffmpeg is not installed; install it with: apt-get install ffmpeg');

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return port;
}

/** The server takes a moment to listen. */
async function openPatiently(url: string): Promise<MediaSource> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const source = await openSource(url, { readTimeoutMs: 2000 }).catch(() => null);
    if (source !== null) return source;
    await setTimeout(200);
  }
  return openSource(url);
}

describe.skipIf(missing)('RTMP', () => {
  it('delivers pictures with clean times, as Annex B', async () => {
    const url = `rtmp://127.0.0.1:${await freePort()}/live/cam`;
    const server = spawn('ffmpeg', ['-v', 'quiet', '-re', '-i', DEMO_CLIP, '-c', 'copy', '-f', 'flv', '-listen', '1', url], { stdio: 'ignore' });
    const source = await openPatiently(url);
    const times: number[] = [];
    expect(source.stream).toEqual({ codec: 'h264', width: 768, height: 576, fps: 10 });
    for (let index = 0; index < 10; index += 1) {
      const packet = await source.next();
      if (packet === null) break;
      if (index === 0) expect([...packet.toAnnexB().subarray(0, 5)]).toEqual([0, 0, 0, 1, 0x67]);
      times.push(packet.ptsUs);
      packet.free();
    }
    await source.close();
    server.kill('SIGKILL');
    expect(times).toEqual(Array.from({ length: 10 }, (_unused, index) => index * 100_000));
  });
});
