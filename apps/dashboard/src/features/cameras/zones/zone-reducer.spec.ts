import { Zone } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeName, startZoneEdit, zoneReducer, type ZoneAction, type ZoneEdit } from './zone-reducer.js';

const run = (state: ZoneEdit, ...actions: ZoneAction[]) => actions.reduce(zoneReducer, state);
const at = (x: number, y: number, name = 'Area 1'): ZoneAction => ({ type: 'add-point', point: { x, y }, name });
const triangle = run(startZoneEdit([]), { type: 'draw', kind: 'area' }, at(0.1, 0.1), at(0.5, 0.1), at(0.3, 0.5), { type: 'finish', name: 'Gate' });

describe('zoneReducer', () => {
  it('draws an area point by point and selects it', () => {
    expect(triangle.zones).toEqual([{ name: 'Gate', kind: 'area', points: [{ x: 0.1, y: 0.1 }, { x: 0.5, y: 0.1 }, { x: 0.3, y: 0.5 }] }]);
    expect(triangle).toMatchObject({ selected: 0, drawing: null });
  });

  it('does not finish an area of two points', () => {
    const state = run(startZoneEdit([]), { type: 'draw', kind: 'area' }, at(0, 0), at(1, 1), { type: 'finish', name: 'x' });
    expect(state.zones).toEqual([]);
    expect(state.drawing?.points).toHaveLength(2);
  });

  it('finishes a line with its second point', () => {
    const state = run(startZoneEdit([]), { type: 'draw', kind: 'line' }, at(0, 0.5, 'Line 1'), at(1, 0.5, 'Line 1'));
    expect(state.zones).toEqual([{ name: 'Line 1', kind: 'line', points: [{ x: 0, y: 0.5 }, { x: 1, y: 0.5 }] }]);
  });

  it('keeps points inside the picture', () => {
    const state = run(triangle, { type: 'move-point', zone: 0, point: 0, to: { x: -3, y: 7 }, first: true });
    expect(state.zones[0]?.points[0]).toEqual({ x: 0, y: 1 });
  });

  it('undoes a whole drag at once, then the drawing', () => {
    const dragged = run(
      triangle,
      { type: 'move-point', zone: 0, point: 0, to: { x: 0.2, y: 0.2 }, first: true },
      { type: 'move-point', zone: 0, point: 0, to: { x: 0.25, y: 0.3 }, first: false },
    );
    expect(run(dragged, { type: 'undo' }).zones).toEqual(triangle.zones);
    expect(run(dragged, { type: 'undo' }, { type: 'undo' }).zones).toEqual([]);
  });

  it('takes back points one by one while drawing', () => {
    const drawing = run(startZoneEdit([]), { type: 'draw', kind: 'area' }, at(0, 0), at(1, 0));
    expect(run(drawing, { type: 'undo' }).drawing?.points).toHaveLength(1);
    expect(run(drawing, { type: 'undo' }, { type: 'undo' }, { type: 'undo' }).drawing).toBeNull();
  });

  it('never goes below the fewest points', () => {
    expect(run(triangle, { type: 'remove-point', zone: 0, point: 0 }).zones).toEqual(triangle.zones);
    const four = run(triangle, { type: 'insert-point', zone: 0, after: 0, at: { x: 0.3, y: 0 } });
    expect(four.zones[0]?.points[1]).toEqual({ x: 0.3, y: 0 });
    expect(run(four, { type: 'remove-point', zone: 0, point: 1 }).zones).toEqual(triangle.zones);
  });

  it('flips a line, so that its two directions change places', () => {
    const line = run(startZoneEdit([]), { type: 'add-shape', kind: 'line', name: 'L' });
    expect(run(line, { type: 'flip', zone: 0 }).zones[0]?.points).toEqual(line.zones[0]?.points.toReversed());
  });

  it('makes only zones that the contract accepts, whatever is done', () => {
    const point = fc.record({ x: fc.double({ min: -2, max: 2, noNaN: true }), y: fc.double({ min: -2, max: 2, noNaN: true }) });
    const index = fc.integer({ min: 0, max: 5 });
    const kind = fc.constantFrom('area' as const, 'line' as const);
    const action: fc.Arbitrary<ZoneAction> = fc.oneof(
      fc.record({ type: fc.constant('draw' as const), kind }),
      fc.record({ type: fc.constant('add-point' as const), point, name: fc.constant('n') }),
      fc.record({ type: fc.constant('finish' as const), name: fc.constant('n') }),
      fc.record({ type: fc.constant('add-shape' as const), kind, name: fc.constant('s') }),
      fc.record({ type: fc.constant('insert-point' as const), zone: index, after: index, at: point }),
      fc.record({ type: fc.constant('remove-point' as const), zone: index, point: index }),
      fc.record({ type: fc.constant('remove' as const), zone: index }),
      fc.constant({ type: 'undo' as const }),
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
        for (const zone of run(startZoneEdit([]), ...actions).zones) expect(Zone.safeParse(zone).success).toBe(true);
      }),
    );
  });
});

it('finds a name that is free', () => {
  expect(freeName([], 'Area')).toBe('Area 1');
  expect(freeName([{ name: 'Area 1', kind: 'area', points: [] }, { name: 'Area 3', kind: 'area', points: [] }], 'Area')).toBe('Area 2');
});
