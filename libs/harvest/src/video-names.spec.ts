import { describe, expect, it } from 'vitest';
import { isVideoName, videoGroupOf } from './video-names.js';

describe('videoGroupOf', () => {
  it.each([
    ['/data/gate/a.mp4', 'folder', 'gate'],
    ['/a.mp4', 'folder', 'root'],
    ['/data/cam1_2026-01-01.mp4', 'prefix', 'cam1'],
    ['/data/北门-2026_01.mp4', 'prefix', '北门'],
    ['/data/_odd.mp4', 'prefix', '_odd'],
    ['/data/plain.mp4', 'prefix', 'plain'],
  ] as const)('%s by %s: %s', (path, grouping, group) => expect(videoGroupOf(path, grouping)).toBe(group));
  it('names what lies in no folder as it is told', () => expect(videoGroupOf('a.mp4', 'folder', 'clips')).toBe('clips'));
});

it('knows videos by their names', () => expect(['a.MP4', 'b.mkv', 'c.jpg', 'mp4', '.mp4'].map(isVideoName)).toEqual([true, true, false, false, false]));
