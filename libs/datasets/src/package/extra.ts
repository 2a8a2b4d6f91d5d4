/** Names of the fields that are known; for an object within, those of its own. */
export type KnownFields = Readonly<Record<string, true | Readonly<Record<string, true>>>>;

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields => value !== null && typeof value === 'object' && !Array.isArray(value);

/** What an object has that we do not know: of a later format, or somebody else's. null: nothing. */
export function extraOf(value: Readonly<Fields>, known: KnownFields): Fields | null {
  const extra: Fields = {};
  let isEmpty = true;
  for (const [name, field] of Object.entries(value)) {
    const fields = Object.hasOwn(known, name) ? known[name] : undefined;
    const rest = fields === true || field === undefined ? null : fields === undefined ? field : isObject(field) ? extraOf(field, fields) : null;
    if (rest === null && fields !== undefined) continue;
    if (field === undefined) continue;
    extra[name] = rest;
    isEmpty = false;
  }
  return isEmpty ? null : extra;
}

/** Puts it back. What is known is never overwritten. */
export function withExtra<T extends object>(value: T, extra: unknown, known: KnownFields): T {
  if (!isObject(extra)) return value;
  const all = { ...value } as Fields;
  for (const [name, field] of Object.entries(extra)) {
    const fields = Object.hasOwn(known, name) ? known[name] : undefined;
    // Not by assignment: `__proto__` is a name like any other.
    if (fields === undefined) Object.defineProperty(all, name, { value: field, enumerable: true, configurable: true, writable: true });
    else if (fields !== true && isObject(all[name])) all[name] = withExtra(all[name], field, fields);
  }
  return all as T;
}
