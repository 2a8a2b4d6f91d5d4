import type { Warning } from '@argus/contracts';
import { en, type TextKey } from './en.js';
import type { Translate } from './i18n.js';

/** A warning of the server in the reader's language; one that is not known here in the server's own words. */
export function warningText({ code, text, values }: Warning, t: Translate): string {
  const key = `warning.${code}`;
  return key in en ? t(key as TextKey, values) : text;
}
