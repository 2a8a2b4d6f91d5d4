import { delimiter } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';

const environment = {
  ARGUS_ENGINE_SOCKET: '/data/engine.sock',
  ARGUS_ENGINE_TOKEN: 'very-secret',
  ARGUS_MODELS_DIRS: ['/a b', '/模型'].join(delimiter),
  ARGUS_BLOBS_DIR: '/data/blobs',
  ARGUS_JOURNAL_DIR: '/data/journal',
  ARGUS_DATA: '/data',
};

describe('readSettings', () => {
  it('takes the environment once, with defaults by cores', () => {
    expect(readSettings(environment, 2)).toMatchObject({ modelDirs: ['/a b', '/模型'], fileRoots: [], logLevel: 'info', ingestChildren: 2, modelWorkers: 2 });
    expect(readSettings(environment, 64)).toMatchObject({ ingestChildren: 8, modelWorkers: 16 });
    expect(readSettings({ ...environment, ARGUS_INGEST_CHILDREN: '3', ARGUS_MODEL_WORKERS: '1' }, 64)).toMatchObject({ ingestChildren: 3, modelWorkers: 1, hardwareDecoding: true });
    expect(readSettings({ ...environment, ARGUS_HARDWARE_DECODING: 'off' }, 64).hardwareDecoding).toBe(false);
  });

  it('keeps footage in the data directory or where it is told to', () => {
    expect(readSettings(environment, 2).recordingsDir).toBe('/data/recordings');
    expect(readSettings({ ...environment, ARGUS_DATA: undefined, ARGUS_RECORDINGS_DIR: '/mnt/录像' }, 2).recordingsDir).toBe('/mnt/录像');
    expect(() => readSettings({ ...environment, ARGUS_DATA: undefined }, 2)).toThrow(/ARGUS_RECORDINGS_DIR: expected an absolute path here or in ARGUS_DATA/);
  });

  it('names every bad variable and never a value', () => {
    const read = () => readSettings({ ...environment, ARGUS_BLOBS_DIR: 'relative', ARGUS_ENGINE_SOCKET: undefined, ARGUS_LOG_LEVEL: 'very-secret' }, 2);
    expect(read).toThrow(/ARGUS_ENGINE_SOCKET.*ARGUS_BLOBS_DIR.*expected an absolute path.*ARGUS_LOG_LEVEL/);
    expect(read).not.toThrow(/very-secret/);
  });
});
