import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hasHiddenParts, hideSecrets, requireCameraUrl, restoreSecrets } from './camera-url.js';

describe('hideSecrets', () => {
  it.each([
    ['rtsp://10.0.0.2/1', 'rtsp://10.0.0.2/1'],
    ['rtsp://admin@10.0.0.2/1', 'rtsp://admin@10.0.0.2/1'],
    ['rtsp://admin:p@ss:w@rd@10.0.0.2/1', 'rtsp://admin:***@10.0.0.2/1'],
    ['http://cam/video?user=x&pwd=secret&size=1', 'http://cam/video?user=x&pwd=***&size=1'],
    ['https://cam/x?Token=abc', 'https://cam/x?Token=***'],
  ])('%s', (url, shown) => {
    expect(hideSecrets(url)).toBe(shown);
  });

  it('never shows a password, and puts it back unchanged', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 4, maxLength: 30, unit: 'grapheme' }), (password) => {
        const url = new URL('rtsp://admin@10.0.0.2:554/live?token=x');
        url.password = password;
        fc.pre(url.password !== '' && url.password !== '***');
        const shown = hideSecrets(url.href);
        expect(hasHiddenParts(shown)).toBe(true);
        expect(new URL(shown).password).toBe('***');
        expect(restoreSecrets(shown, [url.href])).toBe(url.href);
      }),
    );
  });
});

describe('requireCameraUrl', () => {
  it.each(['rtsp://h/1', 'rtsps://h/1', 'rtmp://h/app/key', 'http://h/a.m3u8', 'https://h/a.ts', 'file:///clips/a.mp4?loop=true'])('takes %s', (url) => {
    expect(requireCameraUrl(url, ['/clips']).href).toBe(url);
  });

  it.each(['', 'h/1', 'rtsp://', 'udp://h:1', 'data:text/plain,x', 'file:///clips', 'file:///clips2/a.mp4', 'file:///clips/../a.mp4', 'file://host/clips/a.mp4'])('refuses %j', (url) => {
    expect(() => requireCameraUrl(url, ['/clips'])).toThrow(/^url: expected|^url: this file/);
  });
});

describe('restoreSecrets', () => {
  const MAIN = 'rtsp://admin:main@10.0.0.2/1';
  const ANALYSIS = 'rtsp://admin:second@10.0.0.2/2?token=t';

  it.each([
    ['the first that fits', 'rtsp://admin:***@10.0.0.2/3', [ANALYSIS, MAIN], 'rtsp://admin:second@10.0.0.2/3'],
    ['the next where a parameter is not known', 'rtsp://admin:***@10.0.0.2/3?key=***', [MAIN, 'rtsp://admin:x@10.0.0.2/?key=k'], 'rtsp://admin:x@10.0.0.2/3?key=k'],
    ['nothing where nothing is hidden', 'rtsp://10.0.0.9/3', [MAIN], 'rtsp://10.0.0.9/3'],
  ])('takes %s', (_what, sent, stored, expected) => expect(restoreSecrets(sent, stored)).toBe(expected));

  it.each([
    ['another host', 'rtsp://admin:***@10.0.0.66/1'],
    ['another port', 'rtsp://admin:***@10.0.0.2:9/1'],
    ['another user', 'rtsp://root:***@10.0.0.2/1'],
    ['a host that only looks the same', 'rtsp://admin:***@10.0.0.2.evil.example/1'],
  ])('gives nothing to %s, and names the field', (_what, sent) => {
    expect(() => restoreSecrets(sent, [ANALYSIS, MAIN], 'analysisUrl')).toThrow(/^analysisUrl: the stored password/);
  });

  it('does not take an address without a password for a stored one', () => {
    expect(() => restoreSecrets('rtsp://admin:***@10.0.0.2/1', ['rtsp://admin@10.0.0.2/1'])).toThrow(/^url: /);
  });
});
