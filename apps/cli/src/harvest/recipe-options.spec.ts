import { HarvestRecipe } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { parseOptions } from '../command.js';
import { recipeLine } from './recipe-line.js';
import { RECIPE_OPTIONS, recipeOfFlags } from './recipe-options.js';

const recipeOf = (words: string) => recipeOfFlags(parseOptions(['--name', 'x', ...words.split(' ').filter(Boolean)], RECIPE_OPTIONS).values, null);
const expected = (parts: object) => HarvestRecipe.parse({ name: 'x', cameras: {}, calendar: { dates: { kind: 'last', days: 30 } }, sampling: { kind: 'frames', every: 25 }, ...parts });

describe('recipeOfFlags', () => {
  it.each<[string, object]>([
    ['', {}],
    ['--match 街道 --match 路 --glob Gate-* --regex ^a --exclude old --exclude-glob b* --exclude-regex c$ --tag north', { cameras: { include: [{ kind: 'keyword', pattern: '街道' }, { kind: 'keyword', pattern: '路' }, { kind: 'glob', pattern: 'Gate-*' }, { kind: 'regex', pattern: '^a' }], exclude: [{ kind: 'keyword', pattern: 'old' }, { kind: 'glob', pattern: 'b*' }, { kind: 'regex', pattern: 'c$' }], tags: ['north'] } }],
    ['--from 2026-10-01 --to 2026-10-31 --window 19:00-21:00 --window 22:00-24:00 --weekdays 5,1 --zone Asia/Shanghai', { calendar: { dates: { kind: 'range', from: '2026-10-01', to: '2026-10-31' }, windows: [{ from: '19:00', to: '21:00' }, { from: '22:00', to: '24:00' }], weekdays: [1, 5], timeZone: 'Asia/Shanghai' } }],
    ['--all', { calendar: { dates: { kind: 'all' } } }],
    ['--last-days 7', { calendar: { dates: { kind: 'last', days: 7 } } }],
    ['--every 5', { sampling: { kind: 'frames', every: 5 } }],
    ['--seconds 0.5', { sampling: { kind: 'seconds', every: 0.5 } }],
    ['--keyframes', { sampling: { kind: 'keyframes', every: 0 } }],
    ['--keyframes --seconds 10', { sampling: { kind: 'keyframes', every: 10 } }],
    ['--motion 2', { sampling: { kind: 'motion', every: 2 } }],
    ['--objects 2 --label person --label car --max-score 0.6 --disagreement', { sampling: { kind: 'objects', every: 2, labels: ['person', 'car'], maxScore: 0.6, disagreement: true } }],
    ['--events 2 --before 1 --after 4', { sampling: { kind: 'events', every: 2, labels: [], beforeSeconds: 1, afterSeconds: 4 } }],
    ['--fit 1280x720 --quality 80 --quota 500 --keep-duplicates --originals', { size: { kind: 'fit', width: 1280, height: 720 }, jpegQuality: 80, quotaPerCamera: 500, dropNearDuplicates: false, masked: false }],
    ['--for classifier', { purpose: 'classifier' }],
    ['--for classifier --into set', { purpose: 'classifier', target: 'set' }],
    ['--at 02:30 --at-weekdays 6,7', { schedule: { at: '02:30', weekdays: [6, 7] } }],
    ['--at 02:30', { schedule: { at: '02:30', weekdays: [1, 2, 3, 4, 5, 6, 7] } }],
    ['--videos /srv/films --glob *4K* --exclude trailer --group prefix --least 3840x2160 --scenes --seconds 2 --zone UTC', { source: { kind: 'folder', path: '/srv/films', include: [{ kind: 'glob', pattern: '*4K*' }], exclude: [{ kind: 'keyword', pattern: 'trailer' }], grouping: 'prefix', least: { width: 3840, height: 2160 } }, calendar: { dates: { kind: 'all' }, timeZone: 'UTC' }, sampling: { kind: 'scenes', every: 2 } }],
  ])('"%s"', (words, parts) => expect(recipeOf(words)).toEqual(expected(parts)));

  it.each([
    ['--videos films', '--videos: expected an absolute path on the server, got "films"'],
    ['--videos /a --window 19:00-21:00', '--window is of recorded cameras and does not go with --videos'],
    ['--videos /a --upload b', 'expected one of --videos and --upload; got both'],
    ['--videos /a --group camera', '--group: expected folder or prefix, got "camera"'],
    ['--videos /a --least 2x2', '--least: expected WIDTHxHEIGHT of 16 to 16384 pixels'],
    ['--scenes', '--scenes goes with --videos or --upload'],
    ['--last-days 0', '--last-days: expected a whole number of days from 1 to 3650, got "0"'],
    ['--last-days 7 --all', 'expected one of --last-days, --from with --to, --all; got --last-days and --all'],
    ['--from 2026-10-01', 'expected --to too'],
    ['--from 2026-10-02 --to 2026-10-01', '--to: expected a date like 2026-03-29, not before --from, got "2026-10-01"'],
    ['--window 19:00', '--window: expected local times like 19:00-21:00; the end may be 24:00, got "19:00"'],
    ['--window 19:00-25:00', '--window: expected local times'],
    ['--weekdays 8', '--weekdays: expected days from 1 (Monday)'],
    ['--every 0', '--every: expected a whole number from 1 to 1000000, got "0"'],
    ['--every two', '--every: expected a whole number'],
    ['--seconds 0', '--seconds: expected seconds from 0.04 to 86400, got "0"'],
    ['--every 5 --motion 2', 'expected one of --every, --seconds, --keyframes, --scenes, --motion, --objects, --events; got --every and --motion'],
    ['--label person', '--label goes with --objects or --events'],
    ['--motion 2 --max-score 1', '--max-score goes with --objects'],
    ['--before 2', '--before goes with --events'],
    ['--fit 1280', '--fit: expected WIDTHxHEIGHT'],
    ['--fit 1280x720x3', '--fit: expected WIDTHxHEIGHT'],
    ['--quality 20', '--quality: expected a whole number from 30 to 100, got "20"'],
    ['--quota 0', '--quota: expected a whole number of at least 1'],
    ['--for both', '--for: expected detector or classifier, got "both"'],
    ['--into shelf', '--into: expected set or matrix, got "shelf"'],
    ['--at 24:00', '--at: expected HH:MM'],
    ['--at-weekdays 1', '--at-weekdays goes with --at'],
  ])('refuses "%s"', (words, message) => expect(() => recipeOf(words)).toThrow(message));

  it('wants a name', () => expect(() => recipeOfFlags({}, null)).toThrow('--name: expected a name of 1 to 120 characters, got nothing'));
});

it('a recipe in one line', () => {
  expect(recipeLine(recipeOf('--match 街道 --regex ^a --exclude old --tag north --window 19:00-21:00 --weekdays 1,2 --zone Asia/Shanghai'))).toBe('街道, /^a/, not old, #north; 19:00-21:00; weekdays 1,2; last 30 days; Asia/Shanghai; 1 in 25 pictures');
  expect(recipeLine(recipeOf('--all --events 2 --label person'))).toBe('every camera; all day; all that is recorded; one in 2 s around events of person');
});
