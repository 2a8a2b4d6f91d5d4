import { z } from 'zod';

const count = z.number().int().nonnegative();

/** What pictures of sample sets take, and what was freed of it. */
export const SampleStorage = z.object({
  /** All there are, in sets or versions or not yet removed. */
  pictures: count,
  bytes: count,
  /** Of them, what no set uses: versions may. */
  unusedPictures: count,
  unusedBytes: count,
  /** Since the beginning. */
  collected: z.object({ pictures: count, bytes: count }),
  /** null: there was none yet. */
  last: z
    .object({
      at: z.iso.datetime(),
      /** Samples and versions that were older than their set keeps them. */
      samples: count,
      versions: count,
      pictures: count,
      bytes: count,
      /** Why it broke off; null: it did not. */
      problem: z.string().nullable(),
    })
    .nullable(),
});
export type SampleStorage = z.infer<typeof SampleStorage>;
