// oxlint-disable-next-line no-control-regex -- what XML 1.0 cannot say at all
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The text as far as XML can say it. */
export function xmlSayable(text: string): string {
  return text.replace(FORBIDDEN, '\ufffd');
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;', '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' };

/** For elements and for attributes in double quotes. */
export function xmlText(text: string): string {
  return xmlSayable(text).replace(/[&<>"'\n\r\t]/g, (char) => ESCAPES[char]!);
}

/** JSON that XML can carry: what it cannot say is spelled by number. */
export function xmlJson(value: unknown): string {
  return JSON.stringify(value).replace(FORBIDDEN, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** `name="value"` for each that is there. */
export function xmlAttributes(values: Readonly<Record<string, string | number | null | undefined>>): string {
  return Object.entries(values).filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => ` ${name}="${xmlText(String(value))}"`).join('');
}
