import { ArgusError } from '@argus/kernel';

export class CursorError extends ArgusError {
  readonly code = 'request.cursor-invalid';
}

/** Conditions of a list and the values they bind; `$n` are numbered as they are added. */
export class Conditions {
  readonly #parts: string[] = [];
  readonly values: unknown[] = [];

  /** `add('camera_id = ANY(?)', ids)`; an undefined value adds nothing. */
  add(condition: string, value: unknown): this {
    if (value === undefined) return this;
    this.values.push(value);
    this.#parts.push(condition.replace('?', `$${this.values.length}`));
    return this;
  }

  /** A condition that binds nothing; undefined adds nothing. */
  addFixed(condition: string | undefined): this {
    if (condition !== undefined) this.#parts.push(condition);
    return this;
  }

  /** Rows after the cursor in (moment, id) order, newest first. */
  addCursor(columns: string, cursor: string | undefined): this {
    if (cursor === undefined) return this;
    const [moment, id] = openCursor(cursor);
    this.values.push(moment, id);
    this.#parts.push(`(${columns}) < ($${this.values.length - 1}::timestamptz, $${this.values.length}::uuid)`);
    return this;
  }

  get sql(): string {
    return this.#parts.length > 0 ? `WHERE ${this.#parts.join(' AND ')}` : '';
  }
}

export const cursorOf = (moment: string, id: string): string => Buffer.from(`${moment} ${id}`).toString('base64url');

function openCursor(cursor: string): [moment: string, id: string] {
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (!match) throw new CursorError('cursor: expected the nextCursor of an earlier page, as it came');
  return [match[1] as string, match[2] as string];
}

/** One row more than the page was asked for tells whether there is a next page. */
export function pageOfRows<T extends { id: string; startedAt: string }>(items: T[], limit: number): { items: T[]; nextCursor: string | null } {
  const page = items.slice(0, limit);
  const last = page.at(-1);
  return { items: page, nextCursor: items.length > limit && last ? cursorOf(last.startedAt, last.id) : null };
}
