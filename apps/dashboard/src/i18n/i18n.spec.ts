import { describe, expect, it } from 'vitest';
import { en } from './en.js';
import { formatBytes, formatClock, formatDateTime, formatSpan, formatUtc, percent } from './format.js';
import { labelText } from './labels.js';
import { startLocale } from './locale.js';
import { fill } from './translate.js';
import { zh } from './zh.js';

const names = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort();

describe('dictionaries', () => {
  it('have the same keys', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort());
    expect(Object.keys(en).length).toBeGreaterThan(400);
  });

  it.each(Object.keys(en) as (keyof typeof en)[])('%s is complete in both languages', (key) => {
    expect(en[key].trim()).not.toBe('');
    expect(zh[key].trim()).not.toBe('');
    expect(names(zh[key])).toEqual(names(en[key]));
    expect(zh[key]).not.toContain('|');
  });

  it('are really two languages', () => {
    const same = Object.entries(en).filter(([key, text]) => zh[key as keyof typeof en] === text && /[a-z]{3}/.test(text));
    expect(same).toEqual([]);
  });
});

describe('fill', () => {
  it('puts values in and chooses the form by count', () => {
    expect(fill('{count} camera|{count} cameras', 'en', { count: 1 })).toBe('1 camera');
    expect(fill('{count} camera|{count} cameras', 'en', { count: 1200 })).toBe('1,200 cameras');
    expect(fill('{count} 台', 'zh', { count: 3 })).toBe('3 台');
    expect(fill('{name} and {name}', 'en', { name: 'a' })).toBe('a and a');
    expect(fill('{missing}', 'en')).toBe('{missing}');
  });
});

it.each([
  ['zh', ['en-US'], 'zh'],
  [null, ['zh-CN', 'en'], 'zh'],
  [null, ['fr', 'zh-TW'], 'zh'],
  [null, ['fr'], 'en'],
  ['klingon', ['en'], 'en'],
] as const)('stored %s, browser %o -> %s', (stored, preferred, expected) => expect(startLocale(stored, preferred)).toBe(expected));

describe('times and figures', () => {
  const at = '2026-03-01T13:05:09.000Z';
  it('shows the clock of the site, and UTC when hovered', () => {
    expect(formatClock(at, 'Asia/Shanghai', 'en')).toBe('21:05:09');
    expect(formatClock(at, 'not/a-zone', 'en')).toBe('13:05:09');
    expect(formatUtc(at)).toBe('2026-03-01 13:05:09 UTC');
    expect(formatDateTime(at, 'Asia/Shanghai', 'zh', Date.parse(at))).toBe('3月1日 21:05:09');
    expect(formatDateTime(at, 'UTC', 'en', Date.parse('2027-01-01T00:00:00Z'))).toContain('2026');
  });

  it.each([
    [400, '0.4 sec'],
    [42_900, '42 sec'],
    [5 * 60_000, '5 min'],
    [3 * 3_600_000 + 1, '3 hr'],
    [50 * 3_600_000, '2 days'],
    [-5, '0.0 sec'],
  ])('%i ms is %s', (ms, text) => expect(formatSpan(ms, 'en')).toBe(text));

  it('writes sizes of memory', () => {
    expect(formatBytes(1.5 * 1024 ** 3, 'en')).toBe('1.5 GB');
    expect(formatBytes(64 * 1024 ** 2, 'zh')).toBe('64 MB');
  });

  it('writes shares and labels in the language', () => {
    expect(percent(0.934, 'en')).toBe('93%');
    expect(labelText('person', 'zh')).toBe('人');
    expect(labelText('no_helmet', 'zh')).toBe('no_helmet');
    expect(labelText('person', 'en')).toBe('person');
  });
});
