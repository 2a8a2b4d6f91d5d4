import type { Camera, SystemStatus } from '@argus/contracts';
import { describe, expect, it } from 'vitest';
import { cameraRows, filterRows, pageOf } from './camera-rows.js';

const now = Date.parse('2026-01-01T00:10:00.000Z');
const at = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();
const status = (states: Record<string, [state: string, inferenceAgo: number]>) =>
  ({ cameras: Object.entries(states).map(([id, [state, ago]]) => ({ state: { cameraId: id, state, since: at(500) }, stats: { lastFrameAt: at(0), lastInferenceAt: at(ago) }, inferenceWithinMs: 15_000, detectorProblem: null })) }) as unknown as SystemStatus;
const cameras = (names: Record<string, [name: string, priority?: string, ...tags: string[]]>) => new Map(Object.entries(names).map(([id, [name, priority = 'normal', ...tags]]) => [id, { id, name, priority, tags } as unknown as Camera]));

const STATES = { ok10: ['online', 1], off: ['disabled', 1], stale: ['online', 60], gone: ['offline', 60], ok2: ['online', 1], soon: ['connecting', 1], stuck: ['stalled', 1] } as Record<string, [string, number]>;
const NAMES = cameras({ ok10: ['Gate 10'], off: ['A'], stale: ['Z', 'low'], gone: ['Yard', 'critical', 'hall 2'], ok2: ['Gate 2'], soon: ['B'], stuck: ['C', 'critical'] });
const rows = cameraRows(status(STATES), NAMES, now);

describe('rows of cameras', () => {
  it('come worst first, among equals by name as people count', () => {
    expect(rows.map((row) => row.id)).toEqual(['gone', 'stale', 'stuck', 'soon', 'ok2', 'ok10', 'off']);
  });

  it('stay in their order while nothing changes', () => {
    expect(cameraRows({ ...status(STATES), cameras: status(STATES).cameras.toReversed() } as SystemStatus, NAMES, now + 1000).map((row) => row.id)).toEqual(rows.map((row) => row.id));
  });

  it('are shown by their id while their name is not known', () => {
    expect(cameraRows(status({ x: ['online', 1] }), new Map(), now)).toMatchObject([{ name: 'x', priority: null }]);
  });

  it.each([
    [{ words: '', show: 'wrong' }, ['gone', 'stale', 'stuck', 'soon']],
    [{ words: '', show: 'critical' }, ['gone', 'stuck']],
    [{ words: ' GATE ', show: 'all' }, ['ok2', 'ok10']],
    [{ words: 'hall', show: 'all' }, ['gone']],
    [{ words: 'gate', show: 'wrong' }, []],
  ] as const)('are filtered by %j', (filter, ids) => expect(filterRows(rows, filter).map((row) => row.id)).toEqual(ids));
});

it.each([
  [0, 1, { shown: [], page: 1, pages: 1 }],
  [5, 2, { shown: [2, 3], page: 2, pages: 3 }],
  [5, 9, { shown: [4], page: 3, pages: 3 }],
  [4, 0, { shown: [0, 1], page: 1, pages: 2 }],
])('%i rows, page %i', (count, page, expected) => expect(pageOf(Array.from({ length: count }, (_, index) => index), page, 2)).toEqual(expected));
