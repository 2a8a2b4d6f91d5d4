import { z } from 'zod';

/** A page of a list; `nextCursor` is opaque, null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** `a,b,c` or a repeated parameter. */
export const commaList = <T extends z.ZodType>(items: T) => z.preprocess((value) => (typeof value === 'string' ? value.split(',').filter(Boolean) : value), items);
/** The same where it may be left out. */
export const listFilter = <T extends z.ZodType>(item: T) => commaList(z.array(item).max(500)).optional();

export const PageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  cursor: z.string().max(500).optional(),
});
export type PageQuery = z.infer<typeof PageQuery>;
