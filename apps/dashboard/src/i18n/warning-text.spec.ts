import { expect, it } from 'vitest';
import { translator } from './i18n.js';
import { warningText } from './warning-text.js';

it('is said in the language, and kept as it came where it is not known', () => {
  const lost = { code: 'labels-of-rules', text: 'the server says', values: { model: 'new', labels: 'car', names: 'Parking' } };
  expect(warningText(lost, translator('zh'))).toBe('候选检测器“new”不认识 car，而以下规则需要：Parking');
  expect(warningText(lost, translator('en'))).toContain('does not know car');
  expect(warningText({ ...lost, code: 'of-a-later-version' }, translator('zh'))).toBe('the server says');
});
