import { delimiter, join } from 'node:path';
import { LOG_LEVELS } from '@argus/kernel';
import { dataEnvironment, dataSettingsOf, secondTierEnvironment, secondTierOf, VideoDirs } from '@argus/storage';
import { z } from 'zod';
import { SettingsError } from './errors.js';

const Environment = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/, error: 'expected postgres://user:password@host:port/database' }),
  REDIS_URL: z.url({ protocol: /^rediss?$/, error: 'expected redis://host:port' }).optional(),
  ARGUS_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
  ARGUS_MODELS_DIRS: z.string().min(1).optional(),
  ARGUS_VIDEO_DIRS: VideoDirs,
  ARGUS_HARVEST_SLOTS: z.coerce.number().int().min(0).max(256).optional(),
  ARGUS_SAMPLE_GRACE_HOURS: z.coerce.number().min(1).max(8760).default(24),
  ARGUS_WORKER_PLACE: z.enum(['home', 'remote']).default('home'),
  ...dataEnvironment,
  ...secondTierEnvironment,
});

export type WorkerSettings = ReturnType<typeof readSettings>;

/** @throws SettingsError with every bad variable and what was expected; values are never repeated. */
export function readSettings(env: NodeJS.ProcessEnv) {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) throw new SettingsError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  const e = parsed.data;
  const secondTier = secondTierOf(e, SettingsError);
  if (e.ARGUS_WORKER_PLACE === 'remote' && secondTier === null) throw new SettingsError('ARGUS_S3_ENDPOINT, ARGUS_S3_BUCKET, ARGUS_S3_ACCESS_KEY, ARGUS_S3_SECRET_KEY: expected where ARGUS_WORKER_PLACE is "remote", as the gateway has them; without a shared folder the bucket is all that such a worker reads and writes');
  return {
    databaseUrl: e.DATABASE_URL,
    redisUrl: e.REDIS_URL,
    logLevel: e.ARGUS_LOG_LEVEL,
    ...dataSettingsOf(e),
    /** Pictures of samples that nothing uses go after so long, and what was removed can be had back from a copy of the database that is not older. */
    sampleGraceHours: e.ARGUS_SAMPLE_GRACE_HOURS,
    /** Where model packages are; those of the first folder come with Argus. */
    modelsDirs: e.ARGUS_MODELS_DIRS?.split(delimiter).filter((folder) => folder !== '') ?? [join(e.ARGUS_DATA, 'models')],
    /** Folders of video files that harvests may read. */
    videoDirs: e.ARGUS_VIDEO_DIRS,
    /** Parts of harvests worked on at once; absent: one a core. */
    harvestSlots: e.ARGUS_HARVEST_SLOTS,
    /** Where old footage is; null: all of it is on the disk. */
    secondTier,
    /** `remote`: on a machine that shares no folder with the gateway. */
    place: e.ARGUS_WORKER_PLACE,
  };
}
