import { describe, expect, it } from 'vitest';
import { readSettings } from './settings.js';

const NEEDED = { DATABASE_URL: 'postgres://argus:pw@127.0.0.1:5432/argus', ARGUS_DATA: '/data', ARGUS_ENGINE_TOKEN: '0123456789abcdef' };

describe('readSettings', () => {
  it('fills in what is not said', () => {
    expect(readSettings(NEEDED)).toMatchObject({ host: '127.0.0.1', port: 7300, logLevel: 'info', runFile: '/data/run.json', cliTokenFile: '/data/cli-token', keyFile: '/data/secret.key', recordingsDir: '/data/recordings', dashboardDir: null, demoFile: null, setUpToken: null, fileRoots: [], telemetry: null, secondTier: null });
    expect(readSettings({ ...NEEDED, ARGUS_RECORDINGS_DIR: '/disk2' }).recordingsDir).toBe('/disk2');
    expect(readSettings({ ...NEEDED, ARGUS_FILE_ROOTS: '/a::/b', ARGUS_DEMO_FILE: '/demo/cameras.json' }).fileRoots).toEqual(['/a', '/b', '/demo']);
  });

  it.each([
    [{ DATABASE_URL: 'mysql://u:hunter2@h/d' }, 'DATABASE_URL'],
    [{ ARGUS_PORT: '70000' }, 'ARGUS_PORT'],
    [{ ARGUS_ENGINE_TOKEN: 'hunter2' }, 'ARGUS_ENGINE_TOKEN'],
    [{ ARGUS_DATA: undefined }, 'ARGUS_DATA'],
    [{ ARGUS_LOG_LEVEL: 'loud' }, 'ARGUS_LOG_LEVEL'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'hunter2' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    [{ OTEL_EXPORTER_OTLP_HEADERS: 'hunter2' }, 'OTEL_EXPORTER_OTLP_HEADERS'],
    [{ OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' }, 'OTEL_EXPORTER_OTLP_PROTOCOL'],
    [{ ARGUS_TRACE_FRAMES: '2' }, 'ARGUS_TRACE_FRAMES'],
    [{ ARGUS_S3_ENDPOINT: 'ftp://hunter2' }, 'ARGUS_S3_ENDPOINT'],
    [{ ARGUS_S3_SECRET_KEY: 'hunter2' }, 'ARGUS_S3_ENDPOINT, ARGUS_S3_BUCKET, ARGUS_S3_ACCESS_KEY'],
  ])('names what is wrong in %j without repeating it', (wrong, name) => {
    expect(() => readSettings({ ...NEEDED, ...wrong })).toThrow(name);
    expect(() => readSettings({ ...NEEDED, ...wrong })).not.toThrow('hunter2');
  });

  it('reads where old footage goes', () => {
    const env = { ARGUS_S3_ENDPOINT: 'https://s3.example.org', ARGUS_S3_BUCKET: 'footage', ARGUS_S3_ACCESS_KEY: 'a', ARGUS_S3_SECRET_KEY: 'b', ARGUS_S3_PREFIX: 'site-1' };
    expect(readSettings({ ...NEEDED, ...env }).secondTier).toEqual({ endpoint: 'https://s3.example.org', bucket: 'footage', region: 'us-east-1', accessKey: 'a', secretKey: 'b', prefix: 'site-1' });
  });

  it.each([
    [{}, null],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318/' }, { endpoint: 'http://c:4318/v1/traces', headers: {}, timeoutMs: 10_000, resource: {}, frames: 0 }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://d/otlp' }, { endpoint: 'https://d/otlp' }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_EXPORTER_OTLP_HEADERS: 'a=1, b=x%20y', OTEL_EXPORTER_OTLP_TRACES_HEADERS: 'a=2', OTEL_EXPORTER_OTLP_TIMEOUT: '500' }, { headers: { a: '2', b: 'x y' }, timeoutMs: 500 }],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_SDK_DISABLED: 'TRUE' }, null],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://c:4318', OTEL_TRACES_EXPORTER: 'none' }, null],
  ])('reads the standard names for traces: %j', (env, expected) => {
    const { telemetry } = readSettings({ ...NEEDED, ...env });
    if (expected === null) expect(telemetry).toBeNull();
    else expect(telemetry).toMatchObject(expected);
  });
});
