import { describe, expect, it } from 'vitest';
import { readTuneOptions } from './options.js';

describe('readTuneOptions', () => {
  it('has defaults', () => {
    expect(readTuneOptions([], { ARGUS_MODELS_DIRS: '/a:/b' }, 24)).toEqual({ models: [], devices: [], targetMs: 150, minutes: 5, json: false, out: null, modelDirs: ['/a', '/b'], detectorReplicas: 16 });
  });

  it('takes several models and devices, and what the engine is told of its sessions', () => {
    expect(readTuneOptions(['--model', 'a', '--model', 'b', '--device', 'all', '--p95', '80.5', '--minutes', '0.5', '--json', '--out', 'f'], { ARGUS_MODEL_WORKERS: '3' }, 2)).toMatchObject({ models: ['a', 'b'], devices: ['all'], targetMs: 80.5, minutes: 0.5, json: true, out: 'f', detectorReplicas: 3 });
  });

  it('knows when it is asked for help', () => expect(readTuneOptions(['-h'], {}, 2)).toBeNull());

  it.each([
    [['--p95', ''], {}, '--p95: expected a number from 1 to 60000, got ""'],
    [['--minutes', '-1'], {}, '--minutes'],
    [['file'], {}, 'file'],
    [[], { ARGUS_MODEL_WORKERS: 'many' }, 'ARGUS_MODEL_WORKERS: expected a number from 1 to 64, got "many"'],
  ])('refuses %j with %j', (args, env, message) => expect(() => readTuneOptions(args, env, 2)).toThrow(message));
});
