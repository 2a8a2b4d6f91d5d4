import { describe, expect, it } from 'vitest';
import { redactCredentials } from './redact.js';

describe('redactCredentials', () => {
  it.each([
    ['rtsp://admin:s3cret@10.0.0.2/1', 'rtsp://***@10.0.0.2/1'],
    ['rtsp://admin@10.0.0.2/1', 'rtsp://***@10.0.0.2/1'],
    ['rtsp://admin:p@ss:w@rd@10.0.0.2/1', 'rtsp://***@10.0.0.2/1'],
    ['open http://u:p@h/a and rtmp://x:y@z/b', 'open http://***@h/a and rtmp://***@z/b'],
    ['http://h/a?user=x&password=secret&z=1', 'http://h/a?user=x&password=***&z=1'],
    ['postgres://argus:pw@127.0.0.1:5432/argus', 'postgres://***@127.0.0.1:5432/argus'],
  ])('%s', (text, expected) => {
    expect(redactCredentials(text)).toBe(expected);
  });

  it('leaves a text without credentials as it is', () => {
    const text = 'rtsp://10.0.0.2:554/live/1 answered 404; mail me@example.com';
    expect(redactCredentials(text)).toBe(text);
  });
});
