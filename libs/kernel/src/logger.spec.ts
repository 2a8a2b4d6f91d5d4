import { expect, it } from 'vitest';
import { createLogger } from './logger.js';

it('writes one JSON line without credentials, errors as text, and nothing below its level', () => {
  const lines: string[] = [];
  const log = createLogger('camera', { write: (line) => lines.push(line), nowMs: () => 0, level: 'info' });
  log.debug('not wanted');
  log.warn('lost', { url: 'rtsp://u:p@h/1', error: new Error('read rtsp://u:p@h/1 timed out') });
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] as string)).toEqual({
    time: '1970-01-01T00:00:00.000Z',
    level: 'warn',
    name: 'camera',
    message: 'lost',
    url: 'rtsp://***@h/1',
    error: 'Error: read rtsp://***@h/1 timed out',
  });
});
