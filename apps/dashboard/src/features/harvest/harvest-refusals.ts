import { ApiError } from '@argus/api-client';
import type { Locale } from '../../i18n/locale.js';
import { serverWords } from '../../i18n/server-words.js';
import type { HarvestField } from './harvest-draft.js';

/** What the server refused of a recipe, and where in the form. */
export interface Refusal {
  readonly field: HarvestField;
  /** Which of several patterns; null: the whole field. */
  readonly index: number | null;
  readonly text: string;
}

const FIELD_OF_CODE: Readonly<Record<string, HarvestField>> = { 'harvest.name-taken': 'name', 'harvest.originals': 'masked', 'harvest.no-cameras': 'include', 'dataset.not-found': 'dataset', 'harvest.video-folder': 'folder', 'upload.not-found': 'uploads', 'upload.incomplete': 'uploads' };

/** `ofVideos`: the patterns are of files. The field that an answer of the server is about, with its words, which name the sign that was not understood; null: none. */
export function refusalOf(error: unknown, locale: Locale, ofVideos = false): Refusal | null {
  if (!(error instanceof ApiError)) return null;
  const { code, message } = error;
  const [, list, index, text] = /^(include|exclude)\[(\d+)\]: (.*)$/s.exec(message) ?? [];
  if (code === 'harvest.name-pattern' && list !== undefined) return { field: ofVideos ? (list === 'include' ? 'takeFiles' : 'leaveFiles') : (list as 'include' | 'exclude'), index: Number(index), text: said(text as string, locale) };
  if (code === 'harvest.calendar') return { field: message.startsWith('dates') ? 'range' : 'zone', index: null, text: said(message.replace(/^(dates\.\w+|time zone): /, ''), locale) };
  const field = FIELD_OF_CODE[code];
  return field ? { field, index: null, text: said(message, locale) } : null;
}

function said(text: string, locale: Locale): string {
  const words = serverWords(text, locale);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
