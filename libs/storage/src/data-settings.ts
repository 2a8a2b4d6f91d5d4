import { join } from 'node:path';
import { z } from 'zod';

const filled = z.string().min(1);

/** Where an installation has its data; the gateway and its worker read the same. */
export const dataEnvironment = {
  ARGUS_DATA: filled,
  ARGUS_RECORDINGS_DIR: filled.optional(),
  ARGUS_EXPORTS_DIR: filled.optional(),
  ARGUS_EXPORT_KEEP_DAYS: z.coerce.number().min(0.01).max(3650).default(7),
  ARGUS_SAMPLES_DIR: filled.optional(),
  ARGUS_WORKER_SOCKET: filled.optional(),
};

export const dataSettingsOf = (e: z.infer<z.ZodObject<typeof dataEnvironment>>) => ({
  dataDir: e.ARGUS_DATA,
  /** Footage; the engine writes there. */
  recordingsDir: e.ARGUS_RECORDINGS_DIR ?? join(e.ARGUS_DATA, 'recordings'),
  /** Exports of footage; the worker writes there. */
  exportsDir: e.ARGUS_EXPORTS_DIR ?? join(e.ARGUS_DATA, 'exports'),
  exportKeepDays: e.ARGUS_EXPORT_KEEP_DAYS,
  /** Pictures of sample sets; the worker writes there. */
  samplesDir: e.ARGUS_SAMPLES_DIR ?? join(e.ARGUS_DATA, 'samples'),
  /** Where the worker gives footage with masks. */
  workerSocket: e.ARGUS_WORKER_SOCKET ?? join(e.ARGUS_DATA, 'run', 'worker.sock'),
});
