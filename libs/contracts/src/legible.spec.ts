import { expect, it } from 'vitest';
import { legible } from './legible.js';

it.each([
  ['街道/车 1 🚗.mp4', '街道/车 1 🚗.mp4'],
  ['👩\u200d🚒 می\u200cخواهم.mp4', '👩\u200d🚒 می\u200cخواهم.mp4'],
  ['a\u001b]0;owned\u0007\n.mp4', 'a\\u{1b}]0;owned\\u{7}\\u{a}.mp4'],
  ['holiday\u202e4pm.exe', 'holiday\\u{202e}4pm.exe'],
  ['a\u200bb\u2028c\u009b2Jd\ud800', 'a\\u{200b}b\\u{2028}c\\u{9b}2Jd\\u{d800}'],
])('shows %j as %j', (text, shown) => expect(legible(text)).toBe(shown));
