import { z } from 'zod';
import type { S3Settings } from './s3-store.js';

const filled = z.string().min(1).optional();

export const secondTierEnvironment = {
  ARGUS_S3_ENDPOINT: z.url({ protocol: /^https?$/, error: 'expected https://host or http://host:port' }).optional(),
  ARGUS_S3_BUCKET: z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'expected 3 to 63 small letters, digits, "." and "-"').optional(),
  ARGUS_S3_REGION: z.string().min(1).default('us-east-1'),
  ARGUS_S3_ACCESS_KEY: filled,
  ARGUS_S3_SECRET_KEY: filled,
  /** Names of footage begin with it; several installations may share a bucket. */
  ARGUS_S3_PREFIX: z.string().regex(/^[A-Za-z0-9._/-]{0,200}$/, 'expected letters, digits, ".", "_", "-" and "/"').default(''),
};

/** null: nothing of it is set. Throws the service's own error where something is and something is missing. */
export function secondTierOf(env: z.output<z.ZodObject<typeof secondTierEnvironment>>, SettingsError: new (message: string) => Error): S3Settings | null {
  const { ARGUS_S3_ENDPOINT: endpoint, ARGUS_S3_BUCKET: bucket, ARGUS_S3_ACCESS_KEY: accessKey, ARGUS_S3_SECRET_KEY: secretKey } = env;
  if (endpoint && bucket && accessKey && secretKey) return { endpoint, bucket, accessKey, secretKey, region: env.ARGUS_S3_REGION, prefix: env.ARGUS_S3_PREFIX };
  const wanted = { ARGUS_S3_ENDPOINT: endpoint, ARGUS_S3_BUCKET: bucket, ARGUS_S3_ACCESS_KEY: accessKey, ARGUS_S3_SECRET_KEY: secretKey };
  const missing = Object.entries(wanted).filter(([, value]) => value === undefined).map(([name]) => name);
  if (missing.length === Object.keys(wanted).length) return null;
  throw new SettingsError(`${missing.join(', ')}: expected as well, where a second tier for footage is set up`);
}
