import { z } from 'zod';

/** Compared after NFKC and case folding. `keyword`: is in the name; `glob`: `*` and `?` over the whole name; `regex`: RE2's language, found anywhere. */
export const NAME_PATTERN_KINDS = ['keyword', 'glob', 'regex'] as const;
export const NamePattern = z.object({ kind: z.enum(NAME_PATTERN_KINDS), pattern: z.string().trim().min(1).max(200) });
export type NamePattern = z.infer<typeof NamePattern>;
