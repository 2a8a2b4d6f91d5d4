import type { CameraSelector, NamePattern } from '@argus/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldName } from './fold-name.js';
import { camerasChosen, nameMatcher, type NamedCamera } from './name-matcher.js';

const PLACES = ['北门', '南门入口（地下）', '仓库', 'Café', 'Straße', 'ガレージ', 'Лифт', 'North Gate', 'PARKING', 'ΟΔΟΣ'];
const FORMS: readonly ((place: string, number: number) => string)[] = [
  (place, number) => `${place} ${number}`,
  (place, number) => `${place}-${String(number).replaceAll(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)))}`,
  (place, number) => `[${place}] (${number})`.normalize('NFD'),
  (place, number) => `🎥 ${place.toUpperCase()}　${number}`,
  (place, number) => `ｃａｍ${number}_${place.toLowerCase()}`.normalize('NFC'),
];

/** 200 names: 10 places, 5 ways of writing, 4 numbers. */
const CAMERAS: NamedCamera[] = PLACES.flatMap((place, which) => FORMS.flatMap((form, way) => [1, 2, 10, 21].map((number) => ({ id: `${which}-${way}-${number}`, name: form(place, number), tags: way % 2 ? ['Outdoor'] : ['室内', 'night'] }))));

/** Character by character, as slowly as it is plain; the folding is spelled out for what the names hold. */
const naiveFold = (text: string): string => [...text.normalize('NFKC')].map((character) => (character === 'ß' ? 'ss' : character.toLowerCase())).join('').replaceAll('ς', 'σ').normalize('NFKC');
function naiveGlob(pattern: string[], text: string[]): boolean {
  const [head, ...rest] = pattern;
  if (head === undefined) return text.length === 0;
  if (head === '*') return naiveGlob(rest, text) || (text.length > 0 && naiveGlob(pattern, text.slice(1)));
  return text.length > 0 && (head === '?' || head === text[0]) && naiveGlob(rest, text.slice(1));
}
function naiveFits({ kind, pattern }: NamePattern, name: string, expression?: RegExp): boolean {
  if (kind === 'keyword') return naiveFold(name).split(naiveFold(pattern)).length > 1;
  if (kind === 'glob') return naiveGlob([...naiveFold(pattern)], [...naiveFold(name)]);
  return (expression as RegExp).test(naiveFold(name));
}

/** The person's pattern, and the same thing as a regular expression of JavaScript over folded names. */
const REGEXES: readonly (readonly [string, RegExp])[] = [
  ['^北门', /^北门/u],
  ['门|仓库', /门|仓库/u],
  ['入口（地下）', /入口\(地下\)/u],
  ['入口\\(地下\\)', /入口\(地下\)/u],
  ['入口\\（地下', /入口\(地下/u],
  ['[（(]地下', /[((]地下/u],
  ['CAFÉ', /café/u],
  ['CAFE\u0301 ?1', /café ?1/u],
  ['stra(ß)+E', /stra(?:ss)+e/u],
  ['(?:x|STRASSE)', /strasse/u],
  ['[ÀÉ]', /é/u],
  ['\\d{2}$', /\d{2}$/u],
  ['-[０-９]+$', /-[0-9]+$/u],
  ['\\S+ gate\\b', /\S+ gate\b/u],
  ['\\p{Han}{2}', /\p{Script=Han}{2}/u],
  ['^[^\\p{Han}]*$', /^[^\p{Script=Han}]*$/u],
  ['ｶﾞﾚｰｼﾞ', /ガレージ/u],
  ['^🎥', /^🎥/u],
  ['^[🎥🚪] ', /^[🎥🚪] /u],
  ['ЛИФТ', /лифт/u],
  ['οδοσ', /οδοσ/u],
  ['\\Q[北门]\\E', /\[北门\]/u],
  ['[]\\[]', /[\][]/u],
  ['[[:digit:]門库]$', /[0-9門库]$/u],
  ['CAM[12]_', /cam[12]_/u],
  ['(?i)pArKiNg', /parking/u],
];

describe('T-HARVEST-2: names of 200 cameras', () => {
  it('are 200, all different', () => expect(new Set(CAMERAS.map(({ name }) => name)).size).toBe(200));

  it.each(REGEXES.map(([pattern, expression]) => [pattern, expression] as const))('regex %s', (pattern, expression) => {
    const fits = nameMatcher({ kind: 'regex', pattern });
    expect(CAMERAS.filter(({ name }) => fits(name)).map(({ name }) => name)).toEqual(CAMERAS.filter(({ name }) => naiveFits({ kind: 'regex', pattern }, name, expression)).map(({ name }) => name));
    expect(CAMERAS.filter(({ name }) => fits(name)).length).toBeGreaterThan(0);
  });

  const piece = fc.constantFrom(...CAMERAS.map(({ name }) => name)).chain((name) => {
    const characters = [...name];
    return fc.tuple(fc.nat(characters.length - 1), fc.integer({ min: 1, max: 8 }), fc.constantFrom('NFC', 'NFD', 'NFKC')).map(([from, length, form]) => characters.slice(from, from + length).join('').normalize(form));
  });
  const keyword = piece.filter((text) => text.trim() !== '').map((text): NamePattern => ({ kind: 'keyword', pattern: text.trim() }));
  const glob = fc.array(fc.oneof(piece, fc.constantFrom('*', '?', '*', '＊')), { minLength: 1, maxLength: 5 }).map((parts): NamePattern => ({ kind: 'glob', pattern: parts.join('') }));
  const regex = fc.nat(REGEXES.length - 1).map((index): NamePattern => ({ kind: 'regex', pattern: (REGEXES[index] as (typeof REGEXES)[number])[0] }));
  const patterns = fc.array(fc.oneof(keyword, glob, regex), { maxLength: 4 });

  it('include and exclude by keyword, glob and regex, as a naive filter does', () => {
    const meant = (some: readonly NamePattern[], name: string): boolean => some.some((one) => naiveFits(one, name, REGEXES.find(([pattern]) => pattern === one.pattern)?.[1]));
    const choose = (selector: CameraSelector): string[] => camerasChosen(selector, CAMERAS).map(({ id }) => id);
    fc.assert(
      fc.property(patterns, patterns, fc.subarray(['Outdoor', 'night', 'nowhere']), (include, exclude, tags) => {
        const expected = CAMERAS.filter(({ name, tags: own }) => (include.length === 0 || meant(include, name)) && !meant(exclude, name) && (tags.length === 0 || own.some((tag) => tags.includes(tag))));
        expect(choose({ include, exclude, tags })).toEqual(expected.map(({ id }) => id));
      }),
      { numRuns: 300 },
    );
  });

  it('are found by what people see, whatever it is written with', () => {
    const found = (kind: NamePattern['kind'], pattern: string): number => camerasChosen({ include: [{ kind, pattern }], exclude: [], tags: [] }, CAMERAS).length;
    expect(found('keyword', 'cafe\u0301')).toBe(20);
    expect(found('keyword', 'STRASSE')).toBe(20);
    expect(found('keyword', '（２１）')).toBe(10);
    expect(found('glob', '*北门*')).toBe(20);
    expect(found('glob', '北门')).toBe(0);
    expect(found('glob', '北门??')).toBe(4);
    expect(camerasChosen({ include: [], exclude: [], tags: ['OUTDOOR'] }, CAMERAS)).toHaveLength(80);
  });
});

describe('nameMatcher', () => {
  it.each(['(a+)+$', '(a|aa)+$', '(a*)*b', '([a-z]+)*\\d'])('answers the hostile %s at once', (pattern) => {
    // The pass line of T-HARVEST-2; a backtracking engine needs 2^200 steps. The least of three, because the machine may be busy.
    const spent = [1, 2, 3].map(() => {
      const startedMs = performance.now();
      expect(nameMatcher({ kind: 'regex', pattern })(`${'a'.repeat(200)}!`)).toBe(false);
      return performance.now() - startedMs;
    });
    expect(Math.min(...spent)).toBeLessThan(50);
  });

  it('answers globs of many stars at once', () => {
    expect(nameMatcher({ kind: 'glob', pattern: `${'*a'.repeat(99)}b` })('a'.repeat(5000))).toBe(false);
  });

  it.each([
    ['(abc', 'missing closing ) at character 1'],
    ['门.*(口', 'missing closing ) at character 4'],
    ['a(b)(c', 'missing closing ) at character 5'],
    ['🎥**', 'invalid nested repetition operator at character 2 ("**")'],
    ['x[z-a]', 'invalid character class range at character 3 ("z-a")'],
    ['ab\\', 'trailing backslash at end of expression at character 3'],
    ['a(?=b)', 'at character 2 ("(?=")'],
    ['a\\1', 'invalid escape sequence at character 2'],
    ['x{2000}', 'invalid repeat count at character 2'],
  ])('says what is wrong in %s, and where', (pattern, message) => {
    expect(() => camerasChosen({ include: [{ kind: 'keyword', pattern: 'a' }, { kind: 'regex', pattern }], exclude: [], tags: [] }, CAMERAS)).toThrow(expect.objectContaining({ code: 'harvest.name-pattern', message: expect.stringContaining(message) }));
    expect(() => camerasChosen({ include: [], exclude: [{ kind: 'regex', pattern }], tags: [] }, CAMERAS)).toThrow(/^exclude\[0\]: expected a regular expression \(RE2\), got "/);
  });

  it('never fails but with its own error, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }), fc.constantFrom('keyword', 'glob', 'regex'), (pattern, kind) => {
        try {
          expect(typeof nameMatcher({ kind, pattern })('北门 1')).toBe('boolean');
        } catch (error) {
          expect(error).toMatchObject({ code: 'harvest.name-pattern' });
        }
      }),
      { numRuns: 500 },
    );
  });

  it('folds once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(foldName(foldName(text))).toBe(foldName(text));
      }),
      { numRuns: 2000 },
    );
  });
});
