import type { Page, PageQuery } from '@argus/contracts';
import { CursorError } from '../events/newest-first.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The id that the next page starts after; undefined on the first page. Ids sort by time of creation. */
export function idAfter(query: PageQuery): string | undefined {
  if (query.cursor === undefined) return undefined;
  const id = Buffer.from(query.cursor, 'base64url').toString('utf8');
  if (!UUID.test(id)) throw new CursorError('cursor: expected the nextCursor of an earlier page, as it came');
  return id;
}

/** `rows`: one more than the limit where there are more. */
export function pageById<Row extends { id: string }, Item>(rows: readonly Row[], query: PageQuery, itemOf: (row: Row) => Item): Page<Item> {
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return { items: shown.map(itemOf), nextCursor: rows.length > query.limit && last ? Buffer.from(last.id).toString('base64url') : null };
}
