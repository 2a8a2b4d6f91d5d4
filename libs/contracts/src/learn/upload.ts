import { z } from 'zod';
import { UploadId } from '../ids.js';

/** A file on its way to the server, in pieces (tus 1.0): for an import. Only who began it goes on with it. */
export const Upload = z.object({
  id: UploadId,
  /** As its owner called it; may be empty. */
  name: z.string(),
  bytes: z.number().int().nonnegative(),
  /** So many are there. */
  received: z.number().int().nonnegative(),
});
export type Upload = z.infer<typeof Upload>;
