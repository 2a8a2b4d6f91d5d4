import { delimiter, dirname, join } from 'node:path';
import { LOG_LEVELS } from '@argus/kernel';
import { dataEnvironment, dataSettingsOf, secondTierEnvironment, secondTierOf, VideoDirs } from '@argus/storage';
import { z } from 'zod';
import { SettingsError } from './http/errors.js';
import { telemetryEnvironment, telemetrySettingsOf } from './telemetry/telemetry-settings.js';

const paths = z.string().default('').transform((text) => text.split(delimiter).filter((path) => path !== ''));
const filled = z.string().min(1);

const Environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'expected postgres://user:password@host:port/database' }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'expected redis://host:port' }).optional(),
  ARGUS_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  ARGUS_HOST: filled.default('127.0.0.1'),
  ARGUS_PORT: z.coerce.number().int().min(0).max(65_535).default(7300),
  ARGUS_ENGINE_SOCKET: filled.optional(),
  ARGUS_ENGINE_TOKEN: z.string().min(16),
  ARGUS_SETUP_TOKEN: z.string().min(16).optional(),
  ARGUS_CLI_TOKEN_FILE: filled.optional(),
  ARGUS_RUN_FILE: filled.optional(),
  ARGUS_BLOBS_DIR: filled.optional(),
  ARGUS_WORK_TIMES: z.enum(['on', 'off']).default('on'),
  ARGUS_DASHBOARD_DIR: filled.optional(),
  ARGUS_DEMO_FILE: filled.optional(),
  ARGUS_FILE_ROOTS: paths,
  ARGUS_VIDEO_DIRS: VideoDirs,
  ...dataEnvironment,
  ...secondTierEnvironment,
  ...telemetryEnvironment,
});

/** What the gateway is told at its start; everything else is rows that people edit while it runs. */
export type Settings = ReturnType<typeof readSettings>;

/** @throws SettingsError with every bad variable and what was expected; values are never repeated. */
export function readSettings(env: NodeJS.ProcessEnv) {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const e = parsed.data;
  return {
    databaseUrl: e.DATABASE_URL,
    redisUrl: e.REDIS_URL,
    logLevel: e.ARGUS_LOG_LEVEL,
    ...dataSettingsOf(e),
    host: e.ARGUS_HOST,
    port: e.ARGUS_PORT,
    engineSocket: e.ARGUS_ENGINE_SOCKET ?? join(e.ARGUS_DATA, 'engine.sock'),
    engineToken: e.ARGUS_ENGINE_TOKEN,
    setUpToken: e.ARGUS_SETUP_TOKEN ?? null,
    cliTokenFile: e.ARGUS_CLI_TOKEN_FILE ?? join(e.ARGUS_DATA, 'cli-token'),
    runFile: e.ARGUS_RUN_FILE ?? join(e.ARGUS_DATA, 'run.json'),
    blobsDir: e.ARGUS_BLOBS_DIR ?? join(e.ARGUS_DATA, 'blobs'),
    /** Where old footage goes; null: it stays on the disk. */
    secondTier: secondTierOf(e, SettingsError),
    keyFile: join(e.ARGUS_DATA, 'secret.key'),
    /** null: no traces. */
    telemetry: telemetrySettingsOf(e),
    /** How long people work on sample sets. */
    measuresWork: e.ARGUS_WORK_TIMES === 'on',
    dashboardDir: e.ARGUS_DASHBOARD_DIR ?? null,
    demoFile: e.ARGUS_DEMO_FILE ?? null,
    /** Folders of video files that harvests may read; the worker is told the same. */
    videoDirs: e.ARGUS_VIDEO_DIRS,
    /** Folders from which file:// cameras may play; the engine checks again with links resolved. */
    fileRoots: [...e.ARGUS_FILE_ROOTS, ...(e.ARGUS_DEMO_FILE ? [dirname(e.ARGUS_DEMO_FILE)] : [])],
  };
}
