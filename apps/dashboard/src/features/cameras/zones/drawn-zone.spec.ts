import { PrivacyMask } from '@argus/contracts';
import { expect, it } from 'vitest';
import { drawnMask, masksOf, zonesOf } from './drawn-zone.js';
import { startZoneEdit, zoneReducer } from './zone-reducer.js';

const polygon = [{ x: 0.1, y: 0.1 }, { x: 0.5, y: 0.1 }, { x: 0.3, y: 0.5 }];

it('brings masks through the editor as they were, and new ones switched on', () => {
  const masks = [PrivacyMask.parse({ id: 'a', name: 'Window', enabled: false, polygon }), PrivacyMask.parse({ name: 'Door', polygon })];
  const edit = startZoneEdit(masks.map(drawnMask));
  expect(masksOf(edit.zones)).toEqual(masks);
  const added = zoneReducer(edit, { type: 'add-shape', kind: 'area', name: 'Mask 1' });
  expect(masksOf(added.zones).at(-1)).toMatchObject({ name: 'Mask 1', enabled: true });
});

it('switches a mask off and on, and takes that back', () => {
  const start = startZoneEdit([drawnMask(PrivacyMask.parse({ name: 'Door', polygon }))]);
  const off = zoneReducer(start, { type: 'toggle', zone: 0 });
  expect(masksOf(off.zones)[0]?.enabled).toBe(false);
  expect(masksOf(zoneReducer(off, { type: 'toggle', zone: 0 }).zones)[0]?.enabled).toBe(true);
  expect(zoneReducer(off, { type: 'undo' }).zones).toEqual(start.zones);
});

it('leaves nothing of a mask in zones', () => {
  expect(zonesOf([{ name: 'Yard', kind: 'area', points: polygon, enabled: true, id: 'x' }])).toEqual([{ name: 'Yard', kind: 'area', points: polygon }]);
});
