import { CameraSettings, RuleSettings, type CameraId } from '@argus/contracts';
import { expect, it } from 'vitest';
import { ruleWarnings } from './rule-warnings.js';

const camera = (id: string, change: object = {}) => ({ id: id as CameraId, ...CameraSettings.parse({ name: id, url: 'rtsp://h/1', ...change }) });
const line = { name: 'Gate', kind: 'line', points: [{ x: 0, y: 0 }, { x: 1, y: 1 }] };
const cameras = [camera('with', { zones: [line] }), camera('without', { labels: ['car'] })];
const rule = (condition: object, change: object = {}) => ({ ...RuleSettings.parse({ name: 'r', condition }), ...change });

it.each([
  ['a line that one camera of all has', rule({ kind: 'line', zone: 'Gate' }), []],
  ['the whole picture', rule({ kind: 'dwell', seconds: 5 }), []],
  ['a line wanted as an area', rule({ kind: 'zone', zone: 'Gate', trigger: 'enter' }), ['none of its cameras has an area named "Gate" yet']],
  ['named cameras of which one lacks it', rule({ kind: 'line', zone: 'Gate' }, { cameraIds: ['with', 'without'] }), ['these cameras have no line named "Gate": without']],
  ['a label that one camera leaves out', rule({ kind: 'dwell', seconds: 5 }, { labels: ['person'] }), ['these cameras do not look for person: without']],
  ['an attribute that nothing gives', rule({ kind: 'attribute', attribute: 'posture', values: ['lying'] }), ['no pipeline has a second stage that gives the attribute "posture"']],
])('%s', (_what, settings, expected) => {
  expect(ruleWarnings(settings, cameras, [{ routes: [] }])).toEqual(expected);
});
