import { HarvestRecipe } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { isTooSmall, videosPreview, type FoundVideo } from './estimate-videos.js';

const recipe = (parts: object = {}) => HarvestRecipe.parse({ name: 'x', cameras: {}, calendar: { dates: { kind: 'all' } }, sampling: { kind: 'frames', every: 25 }, source: { kind: 'folder', path: '/a', least: { width: 1280, height: 720 } }, ...parts });
const film = (group: string, parts: Partial<FoundVideo> = {}): FoundVideo => ({ group, bytes: 1e6, measured: { seconds: 100, pictures: 2500, width: 1920, height: 1080 }, ...parts });

describe('videosPreview', () => {
  it('reckons files that were not opened from those that were, without small and broken ones', () => {
    const found = [film('a'), film('a', { measured: { seconds: 100, pictures: 2500, width: 640, height: 360 } }), film('b', { measured: null }), film('b'), film('c', { measured: undefined }), film('c', { measured: undefined })];
    const preview = videosPreview(recipe(), found, new Map(), null);
    expect(preview).toMatchObject({ segments: 6, footageBytes: 6e6, footageSeconds: 300, frames: 303, minutes: null, videos: { files: 6, groups: 3, groupNames: ['a', 'b', 'c'], measured: 4, tooSmall: 1, unreadable: 1 } });
  });

  it('keeps to the quota of each group, less what earlier runs took', () => {
    expect(videosPreview(recipe({ quotaPerCamera: 10 }), [film('a'), film('a'), film('b')], new Map([['b', 7]]), null).frames).toBe(13);
  });

  it('is nothing of nothing', () => expect(videosPreview(recipe(), [], new Map(), null)).toMatchObject({ frames: 0, bytes: 0, footageSeconds: 0, videos: { files: 0, measured: 0 } }));

  it('bounds scenes by how short one may be', () => expect(videosPreview(recipe({ sampling: { kind: 'scenes' } }), [film('a')], new Map(), null).frames).toBe(313));
});

describe('isTooSmall', () => {
  it.each([
    [1280, 720, false],
    [720, 1280, false],
    [1279, 720, true],
    [1920, 719, true],
    [4000, 600, true],
  ])('%i x %i: %s', (width, height, small) => expect(isTooSmall({ width, height }, { width: 1280, height: 720 })).toBe(small));
  it('takes any without a limit', () => expect(isTooSmall({ width: 1, height: 1 }, null)).toBe(false));
});
