import type { TextKey } from '../../../i18n/en.js';

/** For the window that lists all keys. */
export const PICTURE_HELP: readonly (readonly [keys: string, text: TextKey])[] = [
  ['Enter', 'keys.viewPicture'],
  ['Space', 'keys.pickOne'],
  ['Shift ← ↑ → ↓', 'keys.pickRange'],
  ['Ctrl A', 'keys.pickAll'],
  ['m', 'keys.moreLike'],
  ['s', 'keys.straighten'],
  ['1 2 3 0', 'keys.splits'],
  ['Del', 'keys.removePictures'],
  ['Ctrl C, Ctrl V', 'keys.copyPaste'],
];
