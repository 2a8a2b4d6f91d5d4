import { ApiError } from '@argus/api-client';
import { describe, expect, it } from 'vitest';
import type { Locale } from '../../i18n/locale.js';
import { refusalOf } from './harvest-refusals.js';

const refused = (code: string, detail: string, locale: Locale = 'en') => refusalOf(new ApiError({ type: 'about:blank', title: 'x', status: 400, code, detail }), locale);

describe('refusalOf', () => {
  it.each([
    ['harvest.name-pattern', 'include[1]: expected a regular expression (RE2), got "(": missing )', { field: 'include', index: 1, text: 'Expected a regular expression (RE2), got "(": missing )' }],
    ['harvest.name-pattern', 'exclude[0]: expected', { field: 'exclude', index: 0, text: 'Expected' }],
    ['harvest.calendar', 'time zone: expected an IANA name', { field: 'zone', index: null, text: 'Expected an IANA name' }],
    ['harvest.calendar', 'dates.to: expected a date', { field: 'range', index: null, text: 'Expected a date' }],
    ['harvest.name-taken', 'there is one', { field: 'name', index: null, text: 'There is one' }],
    ['dataset.not-found', 'there is no dataset', { field: 'dataset', index: null, text: 'There is no dataset' }],
    ['database.unavailable', 'include[0]: x', null],
  ])('%s, %s', (code, detail, refusal) => expect(refused(code, detail)).toEqual(refusal));

  it('says it in Chinese', () => expect(refused('harvest.calendar', 'time zone: expected an IANA name like "Asia/Shanghai", got "Peking". Zones are named after a large city; all of China is "Asia/Shanghai"', 'zh')?.text).toBe('应为 IANA 时区名称，如“Asia/Shanghai”，收到的是“Peking”。时区以大城市命名，全中国为“Asia/Shanghai”'));

  it('leaves other errors alone', () => expect(refusalOf(new Error('include[0]: x'), 'en')).toBeNull());
});
