import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { SourceError } from '../source-error.js';
import { planHttp } from './http.js';
import { openSource } from './open-source.js';
import { planRtmp } from './rtmp.js';

const root = mkdtempSync(join(tmpdir(), 'argus-clips-'));
const elsewhere = mkdtempSync(join(tmpdir(), 'argus-private-'));
afterAll(() => [root, elsewhere].forEach((folder) => rmSync(folder, { recursive: true })));
writeFileSync(join(elsewhere, 'secret.mp4'), 'not for cameras');
writeFileSync(join(root, 'text.mp4'), 'this is text');
writeFileSync(join(root, 'list.m3u8'), `#EXTM3U\n#EXTINF:1,\nfile:${join(elsewhere, 'secret.mp4')}\n`);
symlinkSync(join(elsewhere, 'secret.mp4'), join(root, 'link.mp4'));

const failure = async (url: string, fileRoots?: readonly string[]): Promise<SourceError> => {
  const error: unknown = await openSource(url, fileRoots ? { fileRoots } : {}).then(() => null, (thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(SourceError);
  return error as SourceError;
};
const clip = (name: string, folder = root) => pathToFileURL(join(folder, name)).href;

describe('openSource refuses', () => {
  it.each(['ftp://host/x', 'udp://239.0.0.1:1234', 'concat:a|b', 'no url', 'data:text/plain,x', ''])('the address %j', async (url) => {
    expect((await failure(url)).reason).toBe('forbidden-url');
  });

  it('files when no folder is open to cameras', async () => {
    expect((await failure(clip('text.mp4'))).reason).toBe('forbidden-url');
  });

  it('files outside the folders, also by a link or by ..', async () => {
    for (const url of [clip('secret.mp4', elsewhere), clip('link.mp4'), `${pathToFileURL(root).href}/../${elsewhere.split('/').at(-1)}/secret.mp4`]) {
      expect((await failure(url, [root])).reason, url).toBe('forbidden-url');
    }
  });

  it('a playlist, which could name any file', async () => {
    const error = await failure(clip('list.m3u8'), [root]);
    expect(['unsupported', 'corrupt']).toContain(error.reason);
  });

  it('a file that is not there, a folder, and text', async () => {
    expect((await failure(clip('missing.mp4'), [root])).reason).toBe('not-found');
    expect((await failure(pathToFileURL(root).href, [join(root, '..')])).reason).toBe('not-found');
    expect((await failure(clip('text.mp4'), [root])).reason).toBe('corrupt');
  });

  it.each(['?loop=yes', '?start=-1', '?start=abc', '?pace=slow', '?speed=2'])('the option %s', async (query) => {
    expect((await failure(clip('text.mp4') + query, [root])).reason).toBe('forbidden-url');
  });

  it('and never shows a password', async () => {
    const error = await failure('rtsp://admin:hunter2@nosuchhost.invalid/stream');
    expect(error.reason).toBe('unreachable');
    expect(error.message).not.toContain('hunter2');
    expect(error.message).not.toContain('admin');
  });
});

describe('plans', () => {
  const timeOuts = { connectTimeoutMs: 1000, readTimeoutMs: 500 };

  it('let HTTP reach nothing but HTTP', () => {
    const { options } = planHttp(new URL('http://host/live.m3u8'), timeOuts);
    expect(options['protocol_whitelist']).toBe('http,https,tcp,tls,crypto');
  });

  it('set RTMP no time-out that would make it a server', () => {
    expect(planRtmp(new URL('rtmp://host/app/key'), timeOuts).options).not.toHaveProperty('timeout');
  });
});
