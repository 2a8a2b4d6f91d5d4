import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeJpeg } from '../encode-jpeg.js';
import type { MediaSource } from '../media-source.js';
import { SourceError } from '../source-error.js';
import { VideoDecoder } from '../video-decoder.js';
import { openSource } from './open-source.js';

// Real: HTTP, MPEG-TS, HLS and motion JPEG over it, decoding.
const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const QUICK = { readTimeoutMs: 600, connectTimeoutMs: 2500 };
const playlist = (segment: string) => `#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${segment}\n#EXT-X-ENDLIST\n`;

let server: Server;
let base = '';
let jpegs: Uint8Array[] = [];

beforeAll(async () => {
  jpegs = await somePictures();
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

function answer(request: IncomingMessage, response: ServerResponse): void {
  const pages: Record<string, () => unknown> = {
    '/h264.ts': () => response.end(readFileSync(`${FIXTURES}h264.mpegts`)),
    '/guarded.ts': () => (request.headers.authorization === `Basic ${btoa('me:pw')}` ? response.end(readFileSync(`${FIXTURES}h264.mpegts`)) : response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()),
    '/live.m3u8': () => response.end(playlist('h264.ts')),
    '/clip.mp4': () => response.end(readFileSync(`${FIXTURES}h264-b-frames.mp4`)),
    '/harmless.m3u8': () => response.end(playlist('clip.mp4')),
    '/evil.m3u8': () => response.end(playlist(pathToFileURL(`${FIXTURES}h264-b-frames.mp4`).href)),
    '/redirect': () => response.writeHead(302, { location: pathToFileURL(`${FIXTURES}h264.mpegts`).href }).end(),
    '/mjpeg': () => void streamJpegs(response),
    '/html': () => response.end('<html><body>Please sign in</body></html>'),
    '/403': () => response.writeHead(403).end(),
    '/500': () => response.writeHead(500).end(),
    '/silent': () => undefined,
  };
  (pages[request.url ?? ''] ?? (() => response.writeHead(404).end()))();
}

async function streamJpegs(response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
  for (let index = 0; !response.destroyed; index += 1) {
    const jpeg = jpegs[index % jpegs.length] as Uint8Array;
    response.write(`--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.byteLength}\r\n\r\n`);
    response.write(jpeg);
    response.write('\r\n');
    await setTimeout(50);
  }
}

async function somePictures(): Promise<Uint8Array[]> {
  const source = await openSource(`${pathToFileURL(`${FIXTURES}h264.mpegts`).href}?pace=fast`, { fileRoots: [FIXTURES] });
  return collect(source, 5, (frame) => encodeJpeg(frame));
}

/** Decodes until `count` pictures or the end; closes the source. */
async function collect<T>(source: MediaSource, count: number, map: (frame: Parameters<typeof encodeJpeg>[0]) => T): Promise<T[]> {
  const decoder = new VideoDecoder(source);
  const results: T[] = [];
  for (let packet = await source.next(); packet !== null && results.length < count; packet = await source.next()) {
    for (const frame of decoder.decode(packet)) {
      results.push(map(frame));
      frame.free();
    }
    packet.free();
  }
  decoder.close();
  await source.close();
  return results;
}

async function failure(url: string): Promise<SourceError> {
  const error: unknown = await openSource(url, QUICK).then(() => null, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
}

describe('HTTP', () => {
  it('delivers MPEG-TS', async () => {
    const source = await openSource(`${base}/h264.ts`, QUICK);
    expect(source.stream).toEqual({ codec: 'h264', width: 192, height: 144, fps: 10 });
    const times = await collect(source, 20, (frame) => frame.ptsUs);
    expect(times).toEqual(Array.from({ length: 20 }, (_unused, index) => index * 100_000));
  });

  it('plays HLS at its own speed', async () => {
    const started = performance.now();
    expect(await collect(await openSource(`${base}/live.m3u8`, QUICK), 10, (frame) => frame.width)).toHaveLength(10);
    expect(performance.now() - started).toBeGreaterThan(800);
  });

  it('reads through a playlist what the network offers, and only that', async () => {
    expect(await collect(await openSource(`${base}/harmless.m3u8`, QUICK), 1, (frame) => frame.width)).toEqual([192]);
    expect((await failure(`${base}/evil.m3u8`)).reason).toBe('corrupt');
  });

  it('stamps motion JPEG when it comes', async () => {
    const source = await openSource(`${base}/mjpeg`, QUICK);
    expect([source.stream.codec, source.stream.width, source.codecString]).toEqual(['mjpeg', 192, 'mjpeg']);
    const packet = await source.next();
    expect([...(packet?.toAnnexB().subarray(0, 2) ?? [])]).toEqual([0xff, 0xd8]);
    packet?.free();
    const times = await collect(source, 10, (frame) => frame.ptsUs);
    const mean = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1);
    expect(mean).toBeGreaterThan(30_000);
    expect(mean).toBeLessThan(120_000);
  });

  it('signs in', async () => {
    const url = `${base}/guarded.ts`.replace('//', '//me:pw@');
    expect(await collect(await openSource(url, QUICK), 1, (frame) => frame.width)).toEqual([192]);
    const error = await failure(url.replace('pw', 'other'));
    expect(error.reason).toBe('unauthorized');
    expect(error.message).not.toContain('other');
  });

  it.each([
    ['/none', 'not-found'],
    ['/403', 'unauthorized'],
    ['/500', 'refused'],
    ['/silent', 'timeout'],
    ['/html', 'corrupt'],
    ['/redirect', 'forbidden-url'],
  ] as const)('says of %s: %s', async (path, reason) => {
    expect((await failure(base + path)).reason).toBe(reason);
  });

  it('says that nobody listens', async () => {
    expect((await failure('http://127.0.0.1:1/x.ts')).reason).toBe('refused');
  });
});
