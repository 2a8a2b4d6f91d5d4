/**
 * JSON with one spelling (RFC 8785, JCS): names sorted, numbers as ECMAScript writes them, no space. Fields that are undefined are left out.
 * Throws TypeError for what JSON has no word for (NaN, a lone surrogate).
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new TypeError(`expected a number that JSON can say, got ${value}`);
    return String(value);
  }
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(',')}]`;
  if (value !== null && typeof value === 'object') return objectOf(value as Readonly<Record<string, unknown>>);
  if (value === null || typeof value === 'boolean') return String(value);
  throw new TypeError(`expected a value that JSON can say, got ${typeof value}`);
}

/** Written for speed: a digest of a large set is made of millions of these. */
function objectOf(value: Readonly<Record<string, unknown>>): string {
  let text = '{';
  // UTF-16 units, as the standard wants it and as `sort` compares.
  for (const name of Object.keys(value).sort()) {
    const field = value[name];
    if (field === undefined) continue;
    text += `${text.length > 1 ? ',' : ''}${nameOf(name)}:${canonicalJson(field)}`;
  }
  return `${text}}`;
}

/** The same few names come in every row. */
const NAMES = new Map<string, string>();

function nameOf(name: string): string {
  const known = NAMES.get(name);
  if (known !== undefined) return known;
  const text = textOf(name);
  if (NAMES.size < 1000) NAMES.set(name, text);
  return text;
}

function textOf(value: string): string {
  const text = JSON.stringify(value);
  // Escaped by JSON.stringify where it is alone: only then is it looked for.
  if (text.includes('\\ud') && /\p{Surrogate}/u.test(value)) throw new TypeError(`expected well-formed text, got ${text}`);
  return text;
}
