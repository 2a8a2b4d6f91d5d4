import { ApiError } from '@argus/api-client';
import { en, type TextKey } from './en.js';
import type { Translate } from './i18n.js';
import type { Locale } from './locale.js';
import { serverWords } from './server-words.js';

export interface ErrorText {
  /** What happened, in the reader's language; null when the code is not known here. */
  readonly title: string | null;
  /** The precise words of whoever refused, in the reader's language as far as they are known here. */
  readonly detail: string;
  /** The same as they came: for a search, or to tell somebody else. */
  readonly told: string;
  readonly code: string;
}

/** An error in words. Details come from the server in English: they name the field, the address, the limit. */
export function errorText(error: unknown, t: Translate, locale: Locale): ErrorText {
  const told = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ApiError)) return { title: null, detail: serverWords(told, locale), told, code: 'dashboard.unexpected' };
  const key = `problem.${error.code}`;
  return { title: key in en ? t(key as TextKey) : null, detail: locale === 'en' ? told : detailOf(error, locale), told, code: error.code };
}

/** As many fields as the server names in its own words. */
const MOST_FIELDS = 5;

function detailOf({ fields, message }: ApiError, locale: Locale): string {
  if (fields.length === 0) return serverWords(message, locale);
  return fields.slice(0, MOST_FIELDS).map((field) => serverWords(field.path ? `${field.path}: ${field.message}` : field.message, locale)).join('；');
}
