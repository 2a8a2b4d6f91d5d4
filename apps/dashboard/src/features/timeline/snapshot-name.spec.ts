import { expect, it } from 'vitest';
import { snapshotName } from './snapshot-name.js';

it('names a saved picture by camera and the site\'s time, for every file system', () => {
  expect(snapshotName('North gate', Date.UTC(2026, 6, 28, 23, 5, 9), 'Europe/Berlin')).toBe('North gate_2026-07-29 01-05-09.jpg');
  expect(snapshotName('a/b: "c"', 0, 'UTC')).toBe('ab c_1970-01-01 00-00-00.jpg');
  expect(snapshotName('///', 0, 'UTC')).toBe('camera_1970-01-01 00-00-00.jpg');
});
