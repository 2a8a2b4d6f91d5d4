import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';

const NEEDED = { DATABASE_URL: 'postgres://argus:pw@127.0.0.1:5432/argus', ARGUS_DATA: '/data', ARGUS_ENGINE_TOKEN: '0123456789abcdef' };

describe('readSettings', () => {
  it('fills in what is not said', () => {
    expect(readSettings(NEEDED)).toMatchObject({ host: '127.0.0.1', port: 7300, logLevel: 'info', runFile: '/data/run.json', cliTokenFile: '/data/cli-token', keyFile: '/data/secret.key', dashboardDir: null, demoFile: null, setUpToken: null, fileRoots: [] });
    expect(readSettings({ ...NEEDED, ARGUS_FILE_ROOTS: '/a::/b', ARGUS_DEMO_FILE: '/demo/cameras.json' }).fileRoots).toEqual(['/a', '/b', '/demo']);
  });

  it.each([
    [{ DATABASE_URL: 'mysql://u:hunter2@h/d' }, 'DATABASE_URL'],
    [{ ARGUS_PORT: '70000' }, 'ARGUS_PORT'],
    [{ ARGUS_ENGINE_TOKEN: 'hunter2' }, 'ARGUS_ENGINE_TOKEN'],
    [{ ARGUS_DATA: undefined }, 'ARGUS_DATA'],
    [{ ARGUS_LOG_LEVEL: 'loud' }, 'ARGUS_LOG_LEVEL'],
  ])('names what is wrong in %j without repeating it', (wrong, name) => {
    expect(() => readSettings({ ...NEEDED, ...wrong })).toThrow(name);
    expect(() => readSettings({ ...NEEDED, ...wrong })).not.toThrow('hunter2');
  });
});
