import { spawnSync } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';
import { startGstreamerRtsp, startRtspCameras, whyNoGstreamerRtsp, type RtspCameras } from '@argus/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceOptions } from '../media-source.js';
import { SourceError } from '../source-error.js';
import { VideoDecoder } from '../video-decoder.js';
import { openSource } from './open-source.js';

// Real: RTSP over TCP from other processes, the demo clip, decoding.
const QUICK: SourceOptions = { readTimeoutMs: 600, connectTimeoutMs: 2500 };
const SECRET = 'p:ss/w@rd';

interface Seen {
  readonly times: number[];
  readonly pictures: number;
  readonly damaged: number;
  readonly ended: boolean;
}

/** Reads and decodes `count` packets; `after` is called once half of them came. */
async function watch(url: string, count: number, after?: () => Promise<unknown> | void): Promise<Seen> {
  const source = await openSource(url, QUICK);
  const decoder = new VideoDecoder(source);
  const times: number[] = [];
  let pictures = 0;
  try {
    expect(source.stream).toEqual({ codec: 'h264', width: 768, height: 576, fps: 10 });
    expect(source.codecString).toBe('avc1.64001f');
    while (times.length < count) {
      if (times.length === Math.floor(count / 2)) await after?.();
      const packet = await source.next();
      if (packet === null) return { times, pictures, damaged: decoder.counts.damaged, ended: true };
      times.push(packet.ptsUs);
      for (const frame of decoder.decode(packet)) {
        pictures += 1;
        frame.free();
      }
      packet.free();
    }
    return { times, pictures, damaged: decoder.counts.damaged, ended: false };
  } finally {
    decoder.close();
    await source.close();
  }
}

async function failure(work: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await work.then(() => null, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

const steps = (times: readonly number[]) => times.slice(1).map((time, index) => time - (times[index] as number));

describe('RTSP from our cameras', () => {
  let cameras: RtspCameras;
  beforeAll(async () => {
    cameras = await startRtspCameras({
      cameras: [
        { path: 'plain' },
        { path: 'loop', startSeconds: 78 },
        { path: 'basic', user: { scheme: 'basic', user: 'admin', password: SECRET } },
        { path: 'digest', user: { scheme: 'digest', user: 'admin', password: SECRET } },
        { path: 'flips', fault: 'bit-flips' },
        { path: 'sets', fault: 'wrong-sps' },
        { path: 'silent', fault: 'stall' },
        { path: 'rare', fault: 'no-keys' },
        { path: 'moody' },
        { path: 'faint' },
      ],
    });
  });
  afterAll(() => cameras.kill());

  it('delivers every picture with clean times', async () => {
    const { times, pictures } = await watch(cameras.url('plain'), 20);
    expect(pictures).toBe(20);
    expect(steps(times).every((step) => step === 100_000), times.join()).toBe(true);
  });

  it('goes on over the end of the clip', async () => {
    const { times, pictures } = await watch(cameras.url('loop'), 25);
    expect(pictures).toBe(25);
    expect(steps(times).every((step) => step > 0 && step <= 100_000), times.join()).toBe(true);
  });

  it.each(['basic', 'digest'])('signs in with %s', async (path) => {
    expect((await watch(cameras.url(path), 2)).pictures).toBe(2);
  });

  it.each(['basic', 'digest'])('says that the password is wrong (%s), without showing it', async (path) => {
    const error = await failure(openSource(cameras.url(path).replace('admin', 'guest'), QUICK));
    expect(error.reason).toBe('unauthorized');
    expect(error.message).not.toContain('guest');
    expect(error.message).not.toContain(encodeURIComponent(SECRET));
  });

  it('says that there is no such path', async () => {
    expect((await failure(openSource(`${cameras.url('plain')}x`, QUICK))).reason).toBe('not-found');
  });

  it('survives turned bits', async () => {
    expect((await watch(cameras.url('flips'), 15)).times).toHaveLength(15);
  });

  it('does not accept parameter sets of another picture', async () => {
    expect((await failure(openSource(cameras.url('sets'), QUICK))).reason).toBe('corrupt');
  });

  it('notices a camera that never sends', async () => {
    expect((await failure(openSource(cameras.url('silent'), QUICK))).reason).toBe('timeout');
  });

  it('waits for a key frame beyond the connect time-out while data comes', async () => {
    const opening = openSource(cameras.url('rare'), { ...QUICK, connectTimeoutMs: 500 });
    await setTimeout(800);
    await cameras.fault('rare', 'none');
    await (await opening).close();
  });

  it('is closed in the middle of reads, again and again', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 24 }, async (_unused, index) => {
        const source = await openSource(cameras.url('plain'), QUICK);
        const reading = (async () => {
          for (let packet = await source.next(); packet !== null; packet = await source.next()) packet.free();
        })();
        setTimeout(index * 9).then(() => source.close(), () => undefined);
        return reading.then(() => 'ended', (error: unknown) => (error as SourceError).reason);
      }),
    );
    expect(new Set(outcomes)).toEqual(new Set(['ended']));
  });

  it('counts garbage in the middle as damage and goes on afterwards', async () => {
    let healed = Promise.resolve();
    const seen = await watch(cameras.url('moody'), 12, async () => {
      await cameras.fault('moody', 'garbage');
      healed = setTimeout(1000).then(() => cameras.fault('moody', 'none'));
    });
    await healed;
    expect(seen.times).toHaveLength(12);
    expect(seen.pictures).toBeGreaterThan(5);
  });

  it('notices a stall without a closed connection', async () => {
    const error = await failure(watch(cameras.url('faint'), 30, () => cameras.fault('faint', 'stall')));
    expect(error.reason).toBe('timeout');
  });
});

describe('an RTSP camera whose power is cut', () => {
  it('ends, is refused, and comes back on the same address', async () => {
    const settings = { cameras: [{ path: 'cam' }] };
    const first = await startRtspCameras(settings);
    const seen = await watch(first.url('cam'), 40, () => first.kill());
    expect(seen.ended).toBe(true);
    expect((await failure(openSource(first.url('cam'), QUICK))).reason).toBe('refused');
    const second = await startRtspCameras({ ...settings, port: first.port });
    expect((await watch(second.url('cam'), 3)).pictures).toBe(3);
    await second.kill();
  });

  it('that hangs is noticed', async () => {
    const cameras = await startRtspCameras({ cameras: [{ path: 'cam' }] });
    expect((await failure(watch(cameras.url('cam'), 60, () => cameras.freeze()))).reason).toBe('timeout');
    cameras.thaw();
    await cameras.kill();
  });
});

describe('a server that is no RTSP server', () => {
  let server: Server;
  let silent = true;
  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.resume();
      if (!silent) socket.end('SSH-2.0-something\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  const url = () => `rtsp://127.0.0.1:${(server.address() as AddressInfo).port}/x`;

  it('and says nothing', async () => {
    expect((await failure(openSource(url(), QUICK))).reason).toBe('timeout');
  });

  it('and says something else', async () => {
    silent = false;
    expect((await failure(openSource(url(), QUICK))).reason).toBe('corrupt');
  });

  it('is given up when the caller does', async () => {
    silent = true;
    const error: unknown = await openSource(url(), { ...QUICK, signal: AbortSignal.timeout(50) }).catch((thrown: unknown) => thrown);
    expect((error as Error).name).toBe('TimeoutError');
  });
});

const certificate = selfSigned();
if (certificate === null) console.warn('skipped: RTSP over TLS. openssl is not installed; install it with: apt-get install openssl');

/** A certificate of the kind that cameras make for themselves. */
function selfSigned(): { key: string; cert: string } | null {
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', '-', '-out', '-', '-days', '1', '-subj', '/CN=camera'], { encoding: 'utf8' });
  return made.status === 0 ? { key: made.stdout, cert: made.stdout } : null;
}

describe.skipIf(certificate === null)('RTSP over TLS', () => {
  it('delivers pictures of a camera with a certificate of its own', async () => {
    const cameras = await startRtspCameras({ cameras: [{ path: 'cam' }] });
    const server = createTlsServer(certificate ?? {}, (socket) => {
      const camera = connect(cameras.port, '127.0.0.1');
      socket.pipe(camera).pipe(socket);
      for (const end of [socket, camera]) end.on('error', () => end.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const seen = await watch(`rtsps://127.0.0.1:${(server.address() as AddressInfo).port}/cam`, 3);
    server.close();
    await cameras.kill();
    expect(seen.pictures).toBe(3);
  });
});

const missing = whyNoGstreamerRtsp();
if (missing !== null) console.warn(`skipped: RTSP from GStreamer. ${missing}`);

describe.skipIf(missing !== null)('RTSP from GStreamer', () => {
  it('delivers every picture with clean times', async () => {
    const server = await startGstreamerRtsp();
    const { times, pictures } = await watch(server.url, 15);
    await server.stop();
    expect(pictures).toBe(15);
    expect(steps(times).every((step) => step === 100_000), times.join()).toBe(true);
  });

  it('takes the right password only, and knows its paths', async () => {
    const server = await startGstreamerRtsp({ user: 'viewer', password: 'right' });
    const seen = await watch(server.url, 2);
    const reasons = await Promise.all([server.url.replace('right', 'wrong'), server.url.replace('/clip', '/none')].map(async (url) => (await failure(openSource(url, QUICK))).reason));
    await server.stop();
    expect(seen.pictures).toBe(2);
    expect(reasons).toEqual(['unauthorized', 'not-found']);
  });

  it('delivers H.265 with B-frames', async () => {
    const clip = new URL('../../fixtures/h265-b-frames.mp4', import.meta.url).pathname;
    const server = await startGstreamerRtsp({ clip: decodeURIComponent(clip), codec: 'h265' });
    const source = await openSource(server.url, QUICK);
    const decoder = new VideoDecoder(source);
    const times: number[] = [];
    for (let packet = await source.next(); packet !== null && times.length < 8; packet = await source.next()) {
      for (const frame of decoder.decode(packet)) {
        times.push(frame.ptsUs);
        frame.free();
      }
      packet.free();
    }
    decoder.close();
    await source.close();
    await server.stop();
    expect(source.codecString).toMatch(/^hvc1\.1\.6\.L30/);
    expect(steps(times).every((step) => step > 0), times.join()).toBe(true);
  });
});
