import { HarvestRecipe, type SavedHarvestRecipe } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { copyOf, draftOf, previewWish, readDraft, startDraft, withPurpose, withSource, type HarvestDraft } from './harvest-draft.js';

const TODAY = '2026-11-28';
const start = startDraft(TODAY);
const streets: HarvestDraft = { ...start, name: ' Streets ', include: [{ kind: 'keyword', pattern: '街道' }], windows: [{ from: '19:00', to: '21:00' }] };
const SET = '01890a5d-ac96-774b-bcce-b302099a8057' as NonNullable<HarvestRecipe['datasetId']>;

/** What a person may wish: the form has to hold it and give it back. */
const WISHES: readonly object[] = [
  {},
  { cameras: { include: [{ kind: 'glob', pattern: '街道*' }, { kind: 'regex', pattern: '^a' }], exclude: [{ kind: 'keyword', pattern: 'old' }], tags: ['north'] } },
  { calendar: { dates: { kind: 'range', from: '2026-10-01', to: '2026-10-31' }, weekdays: [1, 5], windows: [{ from: '22:00', to: '24:00' }, { from: '00:00', to: '06:00' }], timeZone: 'Asia/Shanghai' } },
  { calendar: { dates: { kind: 'all' } } },
  { sampling: { kind: 'seconds', every: 0.5 } },
  { sampling: { kind: 'keyframes', every: 0 } },
  { sampling: { kind: 'motion', every: 3 } },
  { sampling: { kind: 'objects', every: 2, labels: ['person'], maxScore: 0.6, disagreement: true } },
  { sampling: { kind: 'events', every: 2, labels: [], beforeSeconds: 1, afterSeconds: 4 } },
  { size: { kind: 'fit', width: 640, height: 360 }, jpegQuality: 80, quotaPerCamera: 500, dropNearDuplicates: false, masked: false, datasetId: SET },
  { purpose: 'classifier' },
  { purpose: 'classifier', target: 'set' },
  { purpose: 'classifier', datasetId: SET },
  { target: 'matrix' },
  { schedule: { at: '03:30', weekdays: [6, 7] } },
  { source: { kind: 'folder', path: '/srv/films', grouping: 'prefix', include: [{ kind: 'glob', pattern: '*4K*' }], exclude: [{ kind: 'keyword', pattern: 'trailer' }], least: { width: 3840, height: 2160 } }, calendar: { dates: { kind: 'all' }, timeZone: 'Asia/Shanghai' }, sampling: { kind: 'scenes', every: 2 } },
  { source: { kind: 'uploads', uploadIds: [SET] }, calendar: { dates: { kind: 'all' } } },
];

describe('a draft', () => {
  it.each(WISHES)('gives back the recipe that it was filled with: %j', (parts) => {
    const recipe = HarvestRecipe.parse({ name: 'Streets', cameras: {}, calendar: { dates: { kind: 'last', days: 7 } }, sampling: { kind: 'frames', every: 5 }, ...parts });
    expect(readDraft(draftOf(recipe, TODAY))).toEqual({ recipe, problems: null });
  });

  it('of the commonest wish is filled in by a name, a pattern and hours', () => {
    expect(readDraft(streets).recipe).toEqual(
      HarvestRecipe.parse({
        name: 'Streets',
        cameras: { include: [{ kind: 'keyword', pattern: '街道' }] },
        calendar: { dates: { kind: 'last', days: 30 }, windows: [{ from: '19:00', to: '21:00' }] },
        sampling: { kind: 'frames', every: 25 },
      }),
    );
  });

  it.each<[Partial<HarvestDraft>, string[]]>([
    [{ name: ' ' }, ['name']],
    [{ source: 'folder' }, ['folder']],
    [{ source: 'folder', folder: '/a', hasLeast: true, leastWidth: null }, ['least']],
    [{ source: 'uploads' }, ['uploads']],
    [{ source: 'uploads', uploads: [{ id: SET as never, name: 'a.mp4' }], uploading: 1 }, ['uploads']],
    [{ days: null }, ['days']],
    [{ days: 1.5 }, ['days']],
    [{ dates: 'range', from: '2026-11-02', to: '2026-11-01' }, ['range']],
    [{ dates: 'range', from: '' }, ['range']],
    [{ zone: '' }, ['zone']],
    [{ everyPictures: 0 }, ['every']],
    [{ sampling: 'seconds', everySeconds: null }, ['every']],
    [{ sampling: 'keyframes', keySeconds: -1 }, ['every']],
    [{ sampling: 'objects', maxScore: 2 }, ['maxScore']],
    [{ sampling: 'events', beforeSeconds: null }, ['around']],
    [{ fit: true, width: null }, ['size']],
    [{ jpegQuality: 20 }, ['quality']],
    [{ quota: 0 }, ['quota']],
    [{ repeats: true, at: '' }, ['at']],
    [{ target: 'one' }, ['dataset']],
    [{ days: null, jpegQuality: null }, ['days', 'quality']],
  ])('with %j says which field does not fit', (part, fields) => {
    const { recipe, problems } = readDraft({ ...streets, ...part });
    expect([recipe, Object.keys(problems ?? {})]).toEqual([null, fields]);
  });

  it('ignores numbers of what is not chosen', () => expect(readDraft({ ...streets, everySeconds: null, width: null, from: '' }).problems).toBeNull());
});

describe('a preview', () => {
  it('is asked for without a name, with what is being typed', () => {
    const typed = { kind: 'keyword', pattern: '路' } as const;
    expect(previewWish({ ...streets, name: '', target: 'one' }, typed)?.cameras.include).toEqual([...streets.include, typed]);
    expect(previewWish({ ...streets, days: null }, null)).toBeNull();
  });

  it('is the same whatever the recipe is called', () => expect(previewWish({ ...streets, name: 'a' }, null)).toEqual(previewWish({ ...streets, name: 'b' }, null)));
});

it('a copy has its own set and does not run by itself', () => {
  const recipe = HarvestRecipe.parse({ ...readDraft(streets).recipe, datasetId: SET, schedule: { at: '02:00' } });
  const saved = { ...recipe, id: SET, createdAt: 'x', updatedAt: 'x', createdBy: 'x', nextRunAt: 'x' } as unknown as SavedHarvestRecipe;
  expect(copyOf(saved, 'Streets (copy)')).toEqual({ ...recipe, name: 'Streets (copy)', datasetId: null, schedule: null });
});

it('of another source has a kind of sampling that it knows', () => {
  expect(withSource({ ...start, sampling: 'motion' }, 'folder')).toEqual({ source: 'folder', sampling: 'frames' });
  expect(withSource({ ...start, sampling: 'scenes' }, 'cameras')).toEqual({ source: 'cameras', sampling: 'frames' });
  expect(withSource({ ...start, sampling: 'seconds' }, 'uploads')).toEqual({ source: 'uploads' });
});

describe('what it is for', () => {
  it.each<[HarvestDraft['purpose'], HarvestDraft['target'], HarvestDraft['target']]>([
    ['classifier', 'new', 'matrix'],
    ['classifier', 'one', 'matrix'],
    ['detector', 'matrix', 'new'],
    ['detector', 'one', 'one'],
  ])('%s, after "%s", proposes "%s"', (purpose, target, expected) => expect(withPurpose({ ...streets, target }, purpose)).toEqual({ purpose, target: expected }));
});
