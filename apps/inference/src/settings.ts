import { delimiter, join } from 'node:path';
import { LOG_LEVELS } from '@argus/kernel';
import { z } from 'zod';
import { SettingsError } from './errors.js';

const absolutePath = z.string().regex(/^(\/|[A-Za-z]:[\\/])/, 'expected an absolute path');
const pathList = z
  .string()
  .default('')
  .transform((text) => text.split(delimiter).filter((path) => path !== ''))
  .pipe(z.array(absolutePath));

const Environment = z
  .object({
    ARGUS_ENGINE_SOCKET: absolutePath,
    ARGUS_ENGINE_TOKEN: z.string().min(1),
    ARGUS_MODELS_DIRS: pathList,
    ARGUS_BLOBS_DIR: absolutePath,
    ARGUS_JOURNAL_DIR: absolutePath,
    ARGUS_DATA: absolutePath.optional(),
    /** Footage; default: `recordings` in ARGUS_DATA. */
    ARGUS_RECORDINGS_DIR: absolutePath.optional(),
    ARGUS_FILE_ROOTS: pathList,
    ARGUS_LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
    /** off: decode in software although a device is there. */
    ARGUS_HARDWARE_DECODING: z.enum(['auto', 'off']).default('auto'),
    /** Ingest children; default: one a core, at most 8. */
    ARGUS_INGEST_CHILDREN: z.coerce.number().int().min(1).max(64).optional(),
    /** Sessions of each detector on the processor; default: one a core, at most 16. */
    ARGUS_MODEL_WORKERS: z.coerce.number().int().min(1).max(64).optional(),
  })
  .transform(({ ARGUS_RECORDINGS_DIR: chosen, ...rest }, context) => {
    if (chosen !== undefined || rest.ARGUS_DATA !== undefined) return { ...rest, ARGUS_RECORDINGS_DIR: chosen ?? join(rest.ARGUS_DATA ?? '', 'recordings') };
    context.addIssue({ code: 'custom', path: ['ARGUS_RECORDINGS_DIR'], message: 'expected an absolute path here or in ARGUS_DATA' });
    return z.NEVER;
  });

/** What the supervisor tells this process at its start. Cameras, rules and pipelines come over the link instead. */
export interface Settings {
  readonly engineSocket: string;
  readonly engineToken: string;
  readonly modelDirs: readonly string[];
  readonly blobsDir: string;
  readonly journalDir: string;
  readonly recordingsDir: string;
  readonly fileRoots: readonly string[];
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly hardwareDecoding: boolean;
  readonly ingestChildren: number;
  readonly modelWorkers: number;
  readonly cores: number;
}

/** Parses the environment once. Throws SettingsError that names each bad variable and never its value. */
export function readSettings(environment: NodeJS.ProcessEnv, cores: number): Settings {
  const parsed = Environment.safeParse(environment);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new SettingsError(`environment of the inference process: ${lines.join('; ')}`, { variables: parsed.error.issues.map((issue) => issue.path.join('.')) });
  }
  const env = parsed.data;
  return {
    engineSocket: env.ARGUS_ENGINE_SOCKET,
    engineToken: env.ARGUS_ENGINE_TOKEN,
    modelDirs: env.ARGUS_MODELS_DIRS,
    blobsDir: env.ARGUS_BLOBS_DIR,
    journalDir: env.ARGUS_JOURNAL_DIR,
    recordingsDir: env.ARGUS_RECORDINGS_DIR,
    fileRoots: env.ARGUS_FILE_ROOTS,
    logLevel: env.ARGUS_LOG_LEVEL,
    hardwareDecoding: env.ARGUS_HARDWARE_DECODING === 'auto',
    ingestChildren: env.ARGUS_INGEST_CHILDREN ?? Math.min(8, Math.max(1, cores)),
    modelWorkers: env.ARGUS_MODEL_WORKERS ?? Math.min(16, Math.max(1, cores)),
    cores,
  };
}
