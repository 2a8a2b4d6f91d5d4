import { TuningProfile } from '@argus/contracts';
import { expect, it } from 'vitest';
import { tuningProblems, tuningWarnings } from './tuning-checks.js';

const one = { model: 'a', device: 'cpu', replicas: 1 };
const profile = (parts: object) => TuningProfile.parse(parts);

it.each([
  ['two lines for a model on a device', { models: [one, { ...one, replicas: 2 }] }, ['models.1.model']],
  ['a model on a device that is reserved', { models: [{ ...one, device: 'cuda:0' }], reserved: ['cuda:0'] }, ['models.0.device']],
  ['a device reserved twice', { reserved: ['cuda:0', 'cuda:0'] }, ['reserved.1']],
  ['the processor reserved', { reserved: ['cpu'] }, ['reserved.0']],
  ['hours without length', { hours: [{ from: '08:00', to: '08:00', targetFps: {} }] }, ['hours.0.to']],
  ['a place that is no time zone', { timeZone: 'Mars/Olympus' }, ['timeZone']],
  ['one model on two devices and a night', { models: [one, { ...one, device: 'cuda:0' }], hours: [{ from: '22:00', to: '06:00', targetFps: { low: 1 } }], timeZone: 'Asia/Shanghai' }, []],
  ['nothing', {}, []],
])('finds what is wrong with %s', (_what, parts, paths) => {
  expect(tuningProblems(profile(parts)).map((problem) => problem.path)).toEqual(paths);
});

it('says what has no effect here, and only what is known', () => {
  const wanted = profile({ models: [{ ...one, device: 'cuda:0' }, { ...one, model: 'b', device: 'cuda:1' }], reserved: ['webgpu:0'] });
  const devices = [{ id: 'cuda:0', health: 'lost', problem: 'the driver does not answer' }, { id: 'webgpu:0', health: 'reserved', problem: null }] as never[];
  expect(tuningWarnings(wanted, [{ id: 'a' }] as never[], devices).map((warning) => warning.text)).toEqual(['the model "b" is not installed', 'the device cuda:0 cannot be used now: the driver does not answer', 'this machine has no device cuda:1']);
  expect(tuningWarnings(wanted, [], [])).toEqual([]);
});
