import { describe, expect, it } from 'vitest';
import { extendTo, inOrder, moveTo, NOTHING_PICKED, pickAll, pickOnly, sweep, toggle } from './selection.js';

const order = ['a', 'b', 'c', 'd', 'e', 'f'];
const picked = (selection: { picked: ReadonlySet<string> }) => [...selection.picked].sort().join('');

describe('a selection', () => {
  it('is one picture after a click, whatever was chosen', () => {
    const all = pickAll(NOTHING_PICKED, order);
    expect(picked(all)).toBe('abcdef');
    expect(picked(pickOnly(order, 2))).toBe('c');
    expect(picked(pickOnly(order, 99))).toBe('');
  });

  it('takes single ones in and out', () => {
    const two = toggle(pickOnly(order, 0), order, 3);
    expect(picked(two)).toBe('ad');
    expect(picked(toggle(two, order, 0))).toBe('d');
    expect(toggle(two, order, 0)).toMatchObject({ anchor: 0, focus: 0 });
  });

  it('extends from the anchor in both directions, and anew each time', () => {
    const start = pickOnly(order, 3);
    const down = extendTo(start, order, 5);
    expect([picked(down), down.anchor, down.focus]).toEqual(['def', 3, 5]);
    expect(picked(extendTo(down, order, 1))).toBe('bcd');
    expect(picked(extendTo(toggle(pickOnly(order, 0), order, 3), order, 4, true))).toBe('ade');
  });

  it('begins at the end of a list that has become shorter', () => {
    expect(picked(extendTo(pickOnly(order, 5), ['a', 'b', 'c'], 1))).toBe('bc');
  });

  it('is left as it is when only the place moves', () => expect(moveTo(pickOnly(order, 1), 4)).toMatchObject({ anchor: 4, focus: 4, picked: new Set(['b']) }));

  it('is swept beside what was there', () => {
    expect(picked(sweep(pickOnly(order, 0), order, [[2, 4], [5, 6]]))).toBe('acdf');
    expect(sweep(pickOnly(order, 0), order, [[2, 4]])).toMatchObject({ anchor: 2, focus: 3 });
    expect(sweep(pickOnly(order, 1), order, [])).toMatchObject({ focus: 1, picked: new Set(['b']) });
  });

  it('comes in the order of the list, without what is gone', () => expect(inOrder({ picked: new Set(['f', 'x', 'a']), anchor: 0, focus: 0 }, order)).toEqual(['a', 'f']));

  it('of 100,000 stays whole', () => {
    const many = Array.from({ length: 100_000 }, (_unused, index) => index.toString(16).padStart(64, '0'));
    expect(inOrder(toggle(pickAll(NOTHING_PICKED, many), many, 5), many)).toHaveLength(99_999);
  });
});
