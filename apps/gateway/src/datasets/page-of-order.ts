import { CursorError } from '../events/newest-first.js';

/** A stretch of a list that is known as a whole. Its cursor is the last digest that was given: when the list has changed meanwhile, it goes on behind that one, wherever it is now. */
export function pageOfOrder(order: readonly string[], { cursor, after = cursor, limit }: { readonly cursor?: string | undefined; readonly after?: string | undefined; readonly limit: number }): { readonly sha256s: readonly string[]; readonly nextCursor: string | null } {
  const at = after === undefined ? -1 : order.indexOf(after);
  if (after !== undefined && at < 0) throw new CursorError('cursor: the list has changed, and the sample behind which it was to go on is not in it any more; begin again');
  const sha256s = order.slice(at + 1, at + 1 + limit);
  return { sha256s, nextCursor: at + 1 + limit < order.length ? (sha256s.at(-1) as string) : null };
}
