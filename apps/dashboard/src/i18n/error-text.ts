import { ApiError } from '@argus/api-client';
import { en, type TextKey } from './en.js';
import type { Translate } from './i18n.js';

export interface ErrorText {
  /** What happened, in the reader's language; null when the code is not known here. */
  readonly title: string | null;
  /** The precise words of whoever refused. */
  readonly detail: string;
  readonly code: string;
}

/** An error in words. Details come from the server in English and are kept: they name the field, the address, the limit. */
export function errorText(error: unknown, t: Translate): ErrorText {
  const detail = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ApiError)) return { title: null, detail, code: 'dashboard.unexpected' };
  const key = `problem.${error.code}`;
  return { title: key in en ? t(key as TextKey) : null, detail, code: error.code };
}
