import { z } from 'zod';

/** Something that is kept as it is but will not work as meant. `text` in English; `code` and `values` for whoever says it in other words. */
export const Warning = z.object({ code: z.string(), text: z.string(), values: z.record(z.string(), z.string()) });
export type Warning = z.infer<typeof Warning>;
