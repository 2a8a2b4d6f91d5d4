import { expect, it } from 'vitest';
import { detectorProblem, inferenceWithinMs, isStale } from './camera-expectation.js';

const pipeline = (analysisFps: number, enabled: boolean, stillIntervalSeconds: number) => ({ analysisFps, gate: { enabled, stillIntervalSeconds, threshold: 0, holdSeconds: 0 } });
const none = { critical: null, normal: null, low: null };

it.each([
  ['the look at still scenes', pipeline(5, true, 5), null, none, 15_000],
  ['ten minutes, where that is wanted', pipeline(5, true, 600), null, none, 610_000],
  ['no gate: the analysis rate', pipeline(5, false, 600), null, none, 10_200],
  ['a camera of a slow rate of its own', pipeline(5, true, 5), 0.1, none, 20_000],
  ['a rate that the tuning profile limits', pipeline(5, true, 5), null, { ...none, low: 0.125 }, 18_000],
  ['another class is limited', pipeline(5, true, 5), null, { ...none, critical: 0.1 }, 15_000],
] as const)('expects an analysis within %s', (_what, of, analysisFps, targetFps, expected) => {
  expect(inferenceWithinMs({ analysisFps, priority: 'low' }, of, { targetFps, hours: [] })).toBe(expected);
});

it('minds the slowest hours too', () => {
  expect(inferenceWithinMs({ analysisFps: null, priority: 'normal' }, pipeline(5, true, 1), { targetFps: none, hours: [{ from: '22:00', to: '06:00', targetFps: { ...none, normal: 0.1 } }] })).toBe(20_000);
});

it.each([
  [[], null],
  [[{ id: 'a', state: 'ready' }], null],
  [[{ id: 'a', state: 'unverified' }], null],
  [[{ id: 'b', state: 'ready' }], 'the detector "a" is not installed'],
  [[{ id: 'a', state: 'refused', problem: 'sha256' }], 'the detector "a" was refused: sha256'],
])('of %j says %s', (models, expected) => expect(detectorProblem({ detector: 'a' as never }, models as never[])?.text ?? null).toBe(expected));

const ago = (seconds: number) => new Date(Date.parse('2026-01-01T01:00:00.000Z') - seconds * 1000).toISOString();
const figures = (seconds: number | null) => ({ stats: { lastInferenceAt: seconds === null ? null : ago(seconds) } });

it.each([
  ['analysed lately', figures(14), false],
  ['not analysed lately', figures(16), true],
  ['never analysed', figures(null), true],
  ['just online', { ...figures(60), state: { state: 'online', since: ago(14) } }, false],
  ['given more time', { ...figures(60), inferenceWithinMs: 70_000 }, false],
  ['without a detector', { ...figures(1), detectorProblem: { code: 'x', text: 'x', values: {} } }, true],
  ['without figures yet', { stats: null }, false],
  ['offline', { ...figures(600), state: { state: 'offline', since: ago(600) } }, false],
])('a camera that is %s', (_what, parts, expected) => {
  const camera = { state: { state: 'online', since: ago(900) }, inferenceWithinMs: 15_000, detectorProblem: null, ...parts };
  expect(isStale(camera as never, Date.parse('2026-01-01T01:00:00.000Z'))).toBe(expected);
});
