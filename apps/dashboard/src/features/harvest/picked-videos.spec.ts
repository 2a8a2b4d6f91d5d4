import { expect, it } from 'vitest';
import { markOf, videosOf } from './picked-videos.js';

const picked = (path: string, bytes = 1, type = '') => ({ path, file: new File(['x'.repeat(bytes)], path.split('/').at(-1) as string, { type, lastModified: 5 }) });

it('takes the videos of folders, and whatever else somebody chose by itself', () => {
  const files = [picked('odd.bin'), picked('clips/a.MP4'), picked('clips/notes.txt'), picked('clips/deep/b.bin', 1, 'video/quicktime'), picked('clips/empty.mkv', 0)];
  expect(videosOf(files).map(({ path }) => path)).toEqual(['odd.bin', 'clips/a.MP4', 'clips/deep/b.bin']);
});

it('knows a file again, and tells it from another', () => {
  expect(markOf(picked('a/b.mp4'))).toBe(markOf(picked('a/b.mp4')));
  expect(markOf(picked('a/b.mp4'))).not.toBe(markOf(picked('a/b.mp4', 2)));
});
