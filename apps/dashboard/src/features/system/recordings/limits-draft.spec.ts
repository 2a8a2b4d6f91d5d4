import { describe, expect, it } from 'vitest';
import { limitProblems, newTagLimit, tagCounts, type LimitsDraft } from './limits-draft.js';

const draft = (part: Partial<LimitsDraft> = {}): LimitsDraft => ({ keepBytes: null, tags: [], moveBytesPerSecond: null, ...part });

describe('limitProblems', () => {
  it.each([
    ['nothing', draft(), {}],
    ['everything', draft({ keepBytes: 4e12, tags: [{ tag: 'yard', keepBytes: 5e11 }], moveBytesPerSecond: 2e7 }), {}],
    ['too little of all', draft({ keepBytes: 999_999 }), { keepBytes: 'limits.sizeWanted' }],
    ['a tag without a size', draft({ tags: [{ tag: 'yard', keepBytes: null }] }), { 'tags.0.keepBytes': 'limits.sizeWanted' }],
    ['a size without a tag', draft({ tags: [{ tag: ' ', keepBytes: 1e9 }] }), { 'tags.0.tag': 'limits.tagWanted' }],
    ['a tag twice', draft({ tags: [{ tag: 'yard', keepBytes: 1e9 }, { tag: 'gate', keepBytes: 1e9 }, { tag: 'yard ', keepBytes: 2e9 }] }), { 'tags.2.tag': 'limits.tagTwice' }],
    ['a speed of nothing', draft({ moveBytesPerSecond: 0 }), { moveBytesPerSecond: 'limits.speedWanted' }],
  ])('%s', (_what, of, problems) => {
    expect(limitProblems(of)).toEqual(problems);
  });
});

it('counts each tag once a camera, in order', () => {
  expect([...tagCounts([{ tags: ['yard', 'b10'] }, { tags: ['yard', 'yard', 'b9'] }])]).toEqual([['b9', 1], ['b10', 1], ['yard', 2]]);
});

it('begins a line with a tag that has none', () => {
  expect(newTagLimit(draft({ tags: [{ tag: 'gate', keepBytes: 1e9 }] }), ['gate', 'yard'])).toEqual({ tag: 'yard', keepBytes: null });
  expect(newTagLimit(draft(), []).tag).toBe('');
});
