import { z } from 'zod';

/** `run.json` in the data directory, and `argus status --json`. */
export const ProcessStatus = z.object({
  name: z.string(),
  pid: z.number().int().nullable(),
  state: z.enum(['starting', 'up', 'restarting', 'stopping', 'down']),
  since: z.iso.datetime(),
  restarts: z.number().int().nonnegative(),
});
export type ProcessStatus = z.infer<typeof ProcessStatus>;

export const RunFile = z.object({
  version: z.literal(1),
  url: z.string().nullable(),
  processes: z.array(ProcessStatus),
});
export type RunFile = z.infer<typeof RunFile>;
