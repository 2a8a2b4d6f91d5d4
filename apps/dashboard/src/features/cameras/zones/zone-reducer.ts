import type { PointNormalized, Zone } from '@argus/contracts';
import { isOn, type DrawnZone } from './drawn-zone.js';

export interface ZoneEdit {
  readonly zones: readonly DrawnZone[];
  readonly selected: number | null;
  /** Points set so far of a zone that is being drawn. */
  readonly drawing: { readonly kind: Zone['kind']; readonly points: readonly PointNormalized[] } | null;
  /** Zones before each change, oldest first. */
  readonly past: readonly (readonly DrawnZone[])[];
}

export type ZoneAction =
  | { type: 'draw'; kind: Zone['kind'] }
  | { type: 'add-point'; point: PointNormalized; name: string }
  | { type: 'finish'; name: string }
  /** A shape in the middle, for those who draw by keyboard. */
  | { type: 'add-shape'; kind: Zone['kind']; name: string }
  | { type: 'cancel' }
  | { type: 'select'; zone: number | null }
  /** `first`: the move begins; later moves of one drag are undone with it. */
  | { type: 'move-point'; zone: number; point: number; to: PointNormalized; first: boolean }
  | { type: 'insert-point'; zone: number; after: number; at: PointNormalized }
  | { type: 'remove-point'; zone: number; point: number }
  | { type: 'rename'; zone: number; name: string; first: boolean }
  | { type: 'flip'; zone: number }
  /** Masks are switched off and on. */
  | { type: 'toggle'; zone: number }
  | { type: 'remove'; zone: number }
  | { type: 'undo' }
  | { type: 'reset'; zones: readonly DrawnZone[] };

const HISTORY = 100;
const MAX_POINTS = 64;
const FEWEST = { area: 3, line: 2 } as const;
const SHAPES: Readonly<Record<Zone['kind'], Zone['points']>> = {
  area: [{ x: 0.3, y: 0.35 }, { x: 0.7, y: 0.35 }, { x: 0.7, y: 0.75 }, { x: 0.3, y: 0.75 }],
  line: [{ x: 0.3, y: 0.6 }, { x: 0.7, y: 0.6 }],
};

export const startZoneEdit = (zones: readonly DrawnZone[]): ZoneEdit => ({ zones, selected: null, drawing: null, past: [] });

/** Inside the picture, whatever the mouse did. */
export const clampPoint = ({ x, y }: PointNormalized): PointNormalized => ({ x: Math.min(1, Math.max(0, x)), y: Math.min(1, Math.max(0, y)) });

export function zoneReducer(state: ZoneEdit, action: ZoneAction): ZoneEdit {
  switch (action.type) {
    case 'draw':
      return { ...state, drawing: { kind: action.kind, points: [] }, selected: null };
    case 'add-point':
      return addPoint(state, action.point, action.name);
    case 'finish':
      return finish(state, action.name);
    case 'add-shape':
      return { ...changed(state, [...state.zones, { name: action.name, kind: action.kind, points: SHAPES[action.kind] }]), selected: state.zones.length, drawing: null };
    case 'cancel':
      return { ...state, drawing: null };
    case 'select':
      return { ...state, selected: action.zone };
    case 'move-point':
      return edit(state, action.zone, (zone) => ({ ...zone, points: zone.points.with(action.point, clampPoint(action.to)) }), action.first);
    case 'insert-point':
      return edit(state, action.zone, (zone) => (zone.kind === 'line' || zone.points.length >= MAX_POINTS ? zone : { ...zone, points: zone.points.toSpliced(action.after + 1, 0, clampPoint(action.at)) }));
    case 'remove-point':
      return edit(state, action.zone, (zone) => (zone.points.length <= FEWEST[zone.kind] ? zone : { ...zone, points: zone.points.toSpliced(action.point, 1) }));
    case 'rename':
      return edit(state, action.zone, (zone) => ({ ...zone, name: action.name }), action.first);
    case 'flip':
      return edit(state, action.zone, (zone) => ({ ...zone, points: zone.points.toReversed() }));
    case 'toggle':
      return edit(state, action.zone, (zone) => ({ ...zone, enabled: !isOn(zone) }));
    case 'remove':
      return { ...changed(state, state.zones.toSpliced(action.zone, 1)), selected: null };
    case 'undo':
      return undo(state);
    case 'reset':
      return startZoneEdit(action.zones);
  }
}

const changed = (state: ZoneEdit, zones: readonly DrawnZone[]): ZoneEdit => ({ ...state, zones, past: [...state.past, state.zones].slice(-HISTORY) });

function edit(state: ZoneEdit, index: number, change: (zone: DrawnZone) => DrawnZone, remember = true): ZoneEdit {
  const zone = state.zones[index];
  if (!zone) return state;
  const next = change(zone);
  if (next === zone) return state;
  const zones = state.zones.with(index, next);
  return remember ? { ...changed(state, zones), selected: index } : { ...state, zones };
}

function addPoint(state: ZoneEdit, point: PointNormalized, name: string): ZoneEdit {
  if (!state.drawing || state.drawing.points.length >= MAX_POINTS) return state;
  const drawing = { ...state.drawing, points: [...state.drawing.points, clampPoint(point)] };
  const next = { ...state, drawing };
  return drawing.kind === 'line' && drawing.points.length === 2 ? finish(next, name) : next;
}

function finish(state: ZoneEdit, name: string): ZoneEdit {
  const { drawing } = state;
  if (!drawing || drawing.points.length < FEWEST[drawing.kind]) return state;
  const zone: Zone = { name, kind: drawing.kind, points: [...drawing.points] };
  return { ...changed(state, [...state.zones, zone]), drawing: null, selected: state.zones.length };
}

/** While drawing, takes back the last point; else the last change. */
function undo(state: ZoneEdit): ZoneEdit {
  if (state.drawing) return state.drawing.points.length > 0 ? { ...state, drawing: { ...state.drawing, points: state.drawing.points.slice(0, -1) } } : { ...state, drawing: null };
  const before = state.past.at(-1);
  if (!before) return state;
  return { zones: before, past: state.past.slice(0, -1), drawing: null, selected: state.selected !== null && state.selected < before.length ? state.selected : null };
}

/** The first of `Area 1`, `Area 2`, … that no zone has. */
export function freeName(zones: readonly DrawnZone[], word: string): string {
  const names = new Set(zones.map((zone) => zone.name));
  let number = 1;
  while (names.has(`${word} ${number}`)) number += 1;
  return `${word} ${number}`;
}
