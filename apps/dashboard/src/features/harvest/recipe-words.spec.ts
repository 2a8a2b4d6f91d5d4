import { HarvestRecipe } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { translator } from '../../i18n/i18n.js';
import { recipeWords } from './recipe-words.js';

const wish = { name: 'x', cameras: { include: [{ kind: 'keyword', pattern: '街道' }] }, calendar: { dates: { kind: 'last', days: 30 }, windows: [{ from: '19:00', to: '21:00' }] }, sampling: { kind: 'frames', every: 25 } };
const en = (parts: object) => recipeWords(HarvestRecipe.parse({ ...wish, ...parts }), translator('en'), 'en');
const zh = (parts: object) => recipeWords(HarvestRecipe.parse({ ...wish, ...parts }), translator('zh'), 'zh');

describe('recipeWords', () => {
  it('says the whole wish', () => {
    expect(en({})).toBe('cameras whose name contains 街道 · 19:00–21:00 · last 30 days · every 25th picture');
    expect(zh({})).toBe('名称包含 街道 的摄像机 · 19:00–21:00 · 最近 30 天 · 每 25 帧取一张');
  });

  it.each([
    [{ cameras: {} }, 'every camera · 19:00–21:00'],
    [{ cameras: { include: [{ kind: 'glob', pattern: 'Gate-*' }, { kind: 'regex', pattern: '^a' }], exclude: [{ kind: 'keyword', pattern: 'old' }], tags: ['north', 'south'] } }, 'cameras whose name fits Gate-* or matches /^a/ · but not whose name contains old · tagged north or south'],
    [{ calendar: { dates: { kind: 'all' }, weekdays: [1, 2, 3, 4, 5], timeZone: 'Asia/Shanghai' } }, 'all day · Mo–Fr · all that is recorded · by the clock of Asia/Shanghai'],
    [{ calendar: { dates: { kind: 'range', from: '2026-10-01', to: '2026-10-31' }, windows: [{ from: '22:00', to: '06:00' }, { from: '12:00', to: '24:00' }] } }, '22:00–06:00, 12:00–24:00 · 2026-10-01 to 2026-10-31'],
    [{ calendar: { dates: { kind: 'last', days: 1 } } }, 'last 1 day'],
    [{ sampling: { kind: 'frames', every: 1 } }, 'every picture'],
    [{ sampling: { kind: 'frames', every: 2 } }, 'every 2nd picture'],
    [{ sampling: { kind: 'frames', every: 1011 } }, 'every 1,011th picture'],
    [{ sampling: { kind: 'seconds', every: 0.5 } }, 'one picture every 0.5 s'],
    [{ sampling: { kind: 'keyframes' } }, 'every key frame'],
    [{ sampling: { kind: 'keyframes', every: 10 } }, 'a key frame every 10 s'],
    [{ source: { kind: 'folder', path: '/srv/films', include: [{ kind: 'glob', pattern: '*4K*' }], grouping: 'prefix', least: { width: 3840, height: 2160 } }, sampling: { kind: 'scenes' }, quotaPerCamera: 9 }, 'videos in /srv/films · whose path fits *4K* · grouped by the beginning of their names · from 3840×2160 · one picture of each scene · at most 9 of a group'],
    [{ source: { kind: 'uploads', uploadIds: ['01890a5d-ac96-774b-bcce-b302099a8057'] }, sampling: { kind: 'scenes', every: 2 } }, '1 uploaded video · one picture of each scene, one every 2 s at most'],
    [{ sampling: { kind: 'motion', every: 2 } }, 'one picture every 2 s while something moves'],
    [{ sampling: { kind: 'objects', every: 2, labels: ['person', 'car'], maxScore: 0.6, disagreement: true } }, 'one picture every 2 s with person or car, sure to at most 0.6, where the second stage was split'],
    [{ sampling: { kind: 'events', every: 2 } }, 'one picture every 2 s around events of any kind'],
    [{ size: { kind: 'fit', width: 1280, height: 720 }, quotaPerCamera: 2000, dropNearDuplicates: false, masked: false }, 'fitted into 1280×720 · at most 2,000 of a camera · near duplicates, too · without privacy masks'],
  ])('%j', (parts, words) => expect(en(parts)).toContain(words));
});
