/**
 * JSON with one spelling (RFC 8785, JCS): names sorted, numbers as ECMAScript writes them, no space. Fields that are undefined are left out.
 * Throws TypeError for what JSON has no word for (NaN, a lone surrogate).
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`expected a number that JSON can say, got ${value}`);
  if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new TypeError(`expected well-formed text, got ${JSON.stringify(value)}`);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const fields = Object.entries(value).filter(([, field]) => field !== undefined);
    // UTF-16 units, as the standard wants it and as `<` compares.
    fields.sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${fields.map(([name, field]) => `${canonicalJson(name)}:${canonicalJson(field)}`).join(',')}}`;
  }
  const text = JSON.stringify(value);
  if (text === undefined) throw new TypeError(`expected a value that JSON can say, got ${typeof value}`);
  return text;
}
