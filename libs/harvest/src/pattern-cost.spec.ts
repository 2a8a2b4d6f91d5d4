import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NamePatternError } from './errors.js';
import { cameraChooser, nameMatcher } from './name-matcher.js';
import { patternCost } from './pattern-cost.js';

describe('what a regular expression costs', () => {
  it.each([
    ['gate', 4],
    ['cam\\d{3}_\\d{8}', 15],
    ['[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{12}', 26],
    ['(a{10}){10}', 120],
    ['((a{10}){10}){10}', 1220],
    ['\\p{Greek}\\x{4e00}[]x{9}]', 3],
    ['[[:alpha:]]{5,9}', 9],
    ['a{7,}', 8],
    ['a{', 2],
    ['\\Q{2000}\\E', 10],
    ['[{2000}]', 1],
    ['x{2000}', Infinity],
    ['\\', 1],
    ['))(((', 8],
  ])('%s: %i', (pattern, cost) => expect(patternCost(pattern)).toBe(cost));

  // Half a second to compile, a second for each name: a hundred of them hold a gateway for a minute.
  it.each(['(.{0,1000})*x', '(.{0,999}|.{0,998}|.{0,997}|.{0,996})x', '(((a{100}){10}){1})*b', '((\\pL{1000}|\\pN{1000})*)', `(?:${'[^x]{500}|'.repeat(15)}y)`])('%s is too much', (pattern) => {
    expect(() => nameMatcher({ kind: 'regex', pattern })).toThrow(NamePatternError);
    expect(() => nameMatcher({ kind: 'regex', pattern })).toThrow('repeat less');
  });

  it('of all in a selector together is limited', () => {
    const many = (count: number) => ({ include: Array.from({ length: count }, () => ({ kind: 'regex' as const, pattern: '.{0,200}x' })), exclude: [], tags: [] });
    expect(() => cameraChooser(many(24))).not.toThrow();
    expect(() => cameraChooser(many(26))).toThrow('5000 steps together');
  });

  it('whatever is written, an answer comes or the pattern is refused', () => {
    const piece = fc.oneof(fc.constantFrom('(', ')', '[', ']', '{', '}', '{9,99}', '{500}', '*', '+', '?', '|', '\\', '\\p{', '(?i)', '(?P<n>', '^', '$', '.', '[[:', '\\Q', '\\E', '\ud800', '\u0000'), fc.string({ maxLength: 4 }));
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 12 }), fc.constantFrom('regex', 'glob', 'keyword'), (pieces, kind) => {
        try {
          expect(typeof nameMatcher({ kind, pattern: pieces.join('').slice(0, 200) })('Gate 1 \ud83d\ude97 南门')).toBe('boolean');
        } catch (error) {
          expect(error).toBeInstanceOf(NamePatternError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
