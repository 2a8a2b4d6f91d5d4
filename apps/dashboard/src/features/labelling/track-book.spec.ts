import { describe, expect, it } from 'vitest';
import { boxesAt, cutBehind, EMPTY_BOOK, endedAt, pictureAt, picturesOf, relabelled, withBox, withFollowed, type TrackBook } from './track-book.js';

const box = (x: number) => ({ x, y: 0, width: 20, height: 30 });
const seen = (book: TrackBook, ms: number) => boxesAt(book, ms).map(({ track: { id, label }, at }) => [id, label, at.box.x, at.drawn]);
const followed = (...pictures: readonly (readonly [atMs: number, x: number, drawn?: boolean])[]) => pictures.map(([atMs, x, drawn = false]) => ({ atMs, boxes: [{ track: 'a', box: box(x), confidence: 0.5, drawn }] }));
const BOOK = withFollowed(withBox(EMPTY_BOOK, { id: 'a', label: 'person' }, 1000, box(1)), followed([1000.4, 9, true], [1040, 2], [1080, 3], [1120, 4]));

describe('a book of tracks', () => {
  it('has the box of the picture that is shown, whose time a film rounds', () => {
    expect([seen(BOOK, 1000), seen(BOOK, 1041.9), seen(BOOK, 1080), seen(BOOK, 1160)]).toEqual([[['a', 'person', 1, true]], [['a', 'person', 2, false]], [['a', 'person', 3, false]], []]);
  });

  it('keeps what was drawn when it is followed again from before', () => {
    const put = withBox(BOOK, { id: 'a', label: 'person' }, 1081, box(30));
    const again = withFollowed(put, followed([1040, 5], [1080, 6], [1120, 7]));
    expect([seen(again, 1040), seen(again, 1080), seen(again, 1120)].flat()).toEqual([['a', 'person', 5, false], ['a', 'person', 30, true], ['a', 'person', 7, false]]);
  });

  it('forgets what was followed behind a picture, or before it', () => {
    expect(picturesOf(cutBehind(BOOK, ['a'], 1040, 'forward')).map(({ boxes }) => boxes.length)).toEqual([1, 1, 0, 0]);
    expect(picturesOf(cutBehind(BOOK, ['a'], 1080, 'backward')).map(({ boxes }) => boxes.length)).toEqual([0, 0, 1, 1]);
  });

  it('ends a track at a picture, and drops one of which nothing is left', () => {
    expect([seen(endedAt(BOOK, 'a', 1080), 1040).length, seen(endedAt(BOOK, 'a', 1080), 1080).length, endedAt(BOOK, 'a', 1000).tracks]).toEqual([1, 0, []]);
  });

  it('tells pictures for sending in order, with the label of now', () => {
    const book = withBox(relabelled(BOOK, 'a', 'car'), { id: 'b', label: 'bus' }, 900, box(50));
    expect(picturesOf(book).map(({ atMs, boxes }) => [Math.round(atMs), boxes.map(({ track }) => track)])).toEqual([[900, ['b']], [1000, ['a']], [1040, ['a']], [1080, ['a']], [1120, ['a']]]);
    expect(pictureAt(book, 1040)?.labels).toEqual([{ track: 'a', label: 'car', box: box(2), drawn: false, confidence: 0.5 }]);
    expect([pictureAt(book, 1000)?.labels[0]?.confidence, pictureAt(book, 5000)]).toEqual([null, null]);
  });
});
